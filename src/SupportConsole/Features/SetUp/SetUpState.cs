namespace SupportConsole.Features.SetUp;

/// <summary>How something of the set-up is judged.</summary>
internal enum SetUpState
{
    /// <summary>It is as it should be.</summary>
    Good,

    /// <summary>The console works, and would be better off otherwise.</summary>
    Advice,

    /// <summary>It can't be told from here.</summary>
    Unknown,
}
