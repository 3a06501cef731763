namespace SupportConsole.Features.Audit.Exporting;

/// <summary>One way of writing events down. What it writes, it has written when the call returns.</summary>
internal interface IExportForm : IDisposable
{
    /// <summary>What stands before the first event.</summary>
    void Begin();

    /// <summary>Some events, in their order.</summary>
    void Write(IReadOnlyList<ExportRow> events);

    /// <summary>What stands behind the last one.</summary>
    /// <param name="events">How many there were.</param>
    void End(long events);
}
