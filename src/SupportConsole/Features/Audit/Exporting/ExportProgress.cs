using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>
/// How far somebody's export is. Whoever writes the file says it a page at a time, windows read it when they like, and neither waits for
/// the other.
/// </summary>
/// <param name="who">Whose it is; nobody else is shown it.</param>
/// <param name="wish">What was asked for, with the end that it got.</param>
/// <param name="what">The same in words, as the trail says it.</param>
/// <param name="clock">Says when it ended.</param>
public sealed class ExportProgress(StaffId who, ExportWish wish, string what, TimeProvider clock)
{
    private long _events;
    private long _reached = wish.After;
    private ExportEnd? _end;

    /// <summary>Whose it is.</summary>
    public StaffId Who => who;

    /// <summary>What was asked for. It asks for the same stretch of the trail again, whatever came meanwhile.</summary>
    public ExportWish Wish => wish;

    /// <summary>Which events, in words.</summary>
    public string What => what;

    /// <summary>How many events have gone out, to the connection: what is still on its way on it isn't known here.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>The sequence up to which all that is asked for has gone out. How many it will be isn't known before: counting would take as long.</summary>
    public long Reached => Volatile.Read(ref _reached);

    /// <summary>How it ended; null while it goes on.</summary>
    public ExportEnd? End => Volatile.Read(ref _end);

    /// <summary>A page has gone out.</summary>
    public void Reach(long events, long reached)
    {
        Volatile.Write(ref _events, events);
        Volatile.Write(ref _reached, reached);
    }

    /// <summary>All of it has gone out.</summary>
    public void Finish() => Volatile.Write(ref _end, new ExportEnd(clock.GetUtcNow()));

    /// <summary>It ended before it was whole.</summary>
    /// <param name="fault">By what.</param>
    public void Stop(Exception fault) => Volatile.Write(ref _end, new ExportEnd(clock.GetUtcNow(), fault switch
    {
        SignInOverException => "Your sign-in ended.",
        DutyRefusedException => "Your right to read the trail was taken away.",
        ExplainedException => fault.Message,
        OperationCanceledException or IOException => "The download was broken off: by you, by the browser, or on the way.",
        _ => "The console failed; its log says how.",
    }));

    /// <summary>It was refused, and nothing of it goes out.</summary>
    public void Refuse(ExplainedException refusal) => Volatile.Write(ref _end, new ExportEnd(clock.GetUtcNow(), refusal.Message, IsRefusal: true));
}
