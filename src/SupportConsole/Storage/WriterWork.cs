using Microsoft.Data.Sqlite;

namespace SupportConsole.Storage;

/// <summary>What the writer does with a piece of work.</summary>
internal enum WorkKind
{
    /// <summary>A change of the database, committed with whatever arrives beside it. A fault in it refuses everything beside it too.</summary>
    Change,

    /// <summary>A change that may throw on purpose: nothing of it is kept then, and what is beside it stays.</summary>
    RefusableChange,

    /// <summary>A change of nothing, to try whether there could be one.</summary>
    Probe,

    /// <summary>Work in a transaction of its own, after the changes that wait beside it.</summary>
    Piece,

    /// <summary>The same without a transaction.</summary>
    BarePiece,

    /// <summary>No work: there may be a quiet moment now.</summary>
    Rest,
}

/// <summary>What the writer is asked for: waiting, then either taken up by the writer or abandoned by its caller, never both.</summary>
internal abstract class WriterWork(WorkKind kind)
{
    private int _decided;

    public WorkKind Kind { get; } = kind;

    /// <summary>What the change itself threw.</summary>
    public Exception? Undone { get; set; }

    /// <summary>True for the first who asks: the writer takes it up, or the caller gives it up.</summary>
    public bool TryDecide() => Interlocked.Exchange(ref _decided, 1) == 0;

    public abstract void Do(SqliteConnection connection);

    /// <summary>What comes before anybody hears of it.</summary>
    public abstract void Tell();

    public abstract void Complete();

    public abstract void Refuse(NotWrittenException refusal);
}

/// <summary>Work with an answer that somebody waits for.</summary>
internal sealed class WriterWork<T>(WorkKind kind, Func<SqliteConnection, T> work, Action<T>? written = null) : WriterWork(kind)
{
    private T? _answer;

    /// <summary>Answers the caller, on another thread than the writer's.</summary>
    public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Do(SqliteConnection connection) => _answer = work(connection);

    public override void Tell()
    {
        if (Undone is null)
        {
            written?.Invoke(_answer!);
        }
    }

    public override void Complete()
    {
        if (Undone is not null)
        {
            Done.TrySetException(Undone);
        }
        else
        {
            Done.TrySetResult(_answer!);
        }
    }

    public override void Refuse(NotWrittenException refusal) => Done.TrySetException(Undone ?? refusal);
}
