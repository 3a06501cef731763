namespace SupportConsole.Storage;

/// <summary>
/// Notices that somebody else wrote to the database's file itself. Changes go to the write-ahead log beside it, and it is written only
/// where the writer carries the log over: another time of writing is another program's. That may be one that carries over too, or a copy
/// that was put in the file's place while it was open, which no open connection notices: both know their pages already.
/// </summary>
/// <remarks>Used by the writing loop alone. On systems that don't tell, nothing is noticed.</remarks>
internal sealed class ForeignWrites(string file)
{
    private (long, uint)? _written;

    /// <summary>Whether somebody did, and nobody has said since that the file is still the same database.</summary>
    public bool AreThere { get; private set; }

    /// <summary>Before the writer works.</summary>
    public void Look() => AreThere |= _written is { } known && FileStatus.Of(file)?.Written is { } found && found != known;

    /// <summary>After the writer has worked: what was written up to now is its own.</summary>
    public void TakeAsOwn() => _written = FileStatus.Of(file)?.Written;

    /// <summary>The file was looked into, and is the same database.</summary>
    public void Forgive() => AreThere = false;
}
