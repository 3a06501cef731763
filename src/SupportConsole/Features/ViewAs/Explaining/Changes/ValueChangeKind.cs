namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>What is done to a value.</summary>
public enum ValueChangeKind
{
    /// <summary>The field holds this value afterwards, and no other.</summary>
    Set,

    /// <summary>One more value for a field of several.</summary>
    Add,

    /// <summary>One value less.</summary>
    Remove,

    /// <summary>The field is empty afterwards.</summary>
    Clear,
}
