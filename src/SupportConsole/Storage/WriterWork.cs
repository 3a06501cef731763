using Microsoft.Data.Sqlite;

namespace SupportConsole.Storage;

/// <summary>What the writer is asked for: waiting, then either taken up by the writer or abandoned by its caller, never both.</summary>
internal abstract class WriterWork
{
    private int _decided;

    /// <summary>What the change itself threw.</summary>
    public Exception? Undone { get; set; }

    public virtual bool MayRefuse => false;

    public virtual bool IsPiece => false;

    /// <summary>True for the first who asks: the writer takes it up, or the caller gives it up.</summary>
    public bool TryDecide() => Interlocked.Exchange(ref _decided, 1) == 0;

    public abstract void Do(SqliteConnection connection);

    /// <summary>What comes before anybody hears of it.</summary>
    public virtual void Tell()
    {
    }

    public abstract void Complete();

    public abstract void Refuse(NotWrittenException refusal);
}

/// <summary>Work that somebody waits for.</summary>
internal abstract class Answered<T> : WriterWork
{
    /// <summary>Answers the caller, on another thread than the writer's.</summary>
    public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected T? Answer { get; set; }

    public override void Complete()
    {
        if (Undone is not null)
        {
            Done.TrySetException(Undone);
        }
        else
        {
            Done.TrySetResult(Answer!);
        }
    }

    public override void Refuse(NotWrittenException refusal) => Done.TrySetException(Undone ?? refusal);
}

/// <summary>A change of the database, committed with whatever arrives beside it.</summary>
internal sealed class Change<T>(Func<SqliteConnection, T> change, bool mayRefuse, Action<T>? written) : Answered<T>
{
    public override bool MayRefuse => mayRefuse;

    public override void Do(SqliteConnection connection) => Answer = change(connection);

    public override void Tell()
    {
        if (Undone is null)
        {
            written?.Invoke(Answer!);
        }
    }
}

/// <summary>A piece of work in a transaction of its own.</summary>
internal sealed class Piece<T>(Func<SqliteConnection, T> piece) : Answered<T>
{
    public override bool IsPiece => true;

    public override void Do(SqliteConnection connection) => Answer = piece(connection);
}

/// <summary>A change of nothing, to try whether there could be one.</summary>
internal sealed class Probe : Answered<bool>
{
    public override void Do(SqliteConnection connection)
    {
    }
}
