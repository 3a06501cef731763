namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>How a field is read.</summary>
internal enum ValueForm
{
    /// <summary>As it stands in the database: of several values the list as JSON.</summary>
    Whole,

    /// <summary>Each of several values by itself.</summary>
    Elements,

    /// <summary>How many there are.</summary>
    Length,
}
