namespace SupportConsole.Features.ViewAs.Records;

/// <summary>What whoever follows a collection hears.</summary>
internal abstract record ChangeNews
{
    private ChangeNews()
    {
    }

    /// <summary>Changes are announced from this moment on.</summary>
    public sealed record Following(DateTimeOffset Since) : ChangeNews;

    /// <summary>None are announced since this moment; it is tried again.</summary>
    public sealed record Lost(DateTimeOffset At) : ChangeNews;

    /// <summary>These were announced, proved to be the user's, and recorded.</summary>
    public sealed record Changed(ChangeSummary Changes) : ChangeNews;
}
