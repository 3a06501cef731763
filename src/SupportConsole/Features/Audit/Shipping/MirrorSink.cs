using System.Text;
using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;
using Serilog.Sinks.File;
using SupportConsole.Core.Audit;
using SupportConsole.Storage;

namespace SupportConsole.Features.Audit.Shipping;

/// <summary>
/// Writes events as JSON lines into rolling files. Opened for each piece and closed after it, so that what was taken away, filled up or
/// forbidden meanwhile is noticed before the place moves, and over with the first piece that works again.
/// </summary>
internal sealed class MirrorSink(IOptions<MirrorOptions> options, IHostEnvironment environment, TimeProvider clock) : IEventSink
{
    private const string Line = "line";

    private static readonly MessageTemplate NoWords = new([new TextToken("")]);

    private readonly MirrorOptions _options = options.Value;

    /// <summary>The newest event that was given to a write.</summary>
    private long _given;

    /// <summary>The writes, of which one may never come back.</summary>
    internal FilesThatMayHang Files { get; } = new(clock);

    public string Name => "mirror";

    public string Label => "The mirror";

    public bool IsConfigured => _options.Path.Length > 0;

    public bool FromStart => _options.From == SinkStart.Start;

    public IReadOnlyList<string>? Types => null;

    public int Piece => 256;

    private string File => _options.PathUnder(environment.ContentRootPath);

    public async Task TakeAsync(IReadOnlyList<AuditEntry> piece, CancellationToken cancellationToken)
    {
        // Asked once: it may come back at any moment.
        if (Files.Hang)
        {
            throw Hanging();
        }

        // One that came back after its time has written all the same; on a disk that is always late, nothing would come on otherwise.
        IReadOnlyList<AuditEntry> unwritten = Files.CameBackWell ? [.. piece.Where(entry => entry.Sequence > _given)] : piece;
        _given = piece[^1].Sequence;
        try
        {
            await Files.DoAsync(() => Write(unwritten), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw Hanging();
        }
    }

    private SinkException Hanging() => new($"a write to its file {FilesThatMayHang.Words}", path: File);

    private void Write(IReadOnlyList<AuditEntry> piece)
    {
        var (written, refused) = (new Written(), new Refused(WhyNotOpened));
        try
        {
            using (var log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Fallible(to => to.File(
                new Lines(), File, fileSizeLimitBytes: _options.FileMegabytes * 1_000_000L, rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true,
                retainedFileCountLimit: _options.RetainedFiles, encoding: new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), hooks: written), refused).CreateLogger())
            {
                foreach (var entry in piece)
                {
                    var line = new ScalarValue(Encoding.ASCII.GetString(EventFields.Json(entry)));
                    log.Write(new LogEvent(entry.Event.At, LogEventLevel.Information, null, NoWords, [new LogEventProperty(Line, line)]));
                    refused.ThrowIfAny();
                }
            }

            refused.ThrowIfAny();
            written.FlushToDisk();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SinkException(Words(fault), path: File);
        }
    }

    /// <summary>The library keeps to itself why it can't open a file; making another beside it says why.</summary>
    private Exception WhyNotOpened()
    {
        try
        {
            var folder = Path.GetDirectoryName(File)!;
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose };
            using var attempt = new FileStream(Path.Combine(folder, $"{Guid.NewGuid():n}.tmp"), options);
            return new IOException("another program holds the file, or it is none that can be written");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault;
        }
    }

    private static string Words(Exception fault) => fault switch
    {
        UnauthorizedAccessException => "the console's account may not write there",
        FileNotFoundException or DirectoryNotFoundException => "a file was taken away while it was written",
        _ => $"it can't be written ({FileFault.WithoutPath(fault)})",
    };

    /// <summary>Writes what stands in an event's one property.</summary>
    private sealed class Lines : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            output.Write(((ScalarValue)logEvent.Properties[Line]).Value);
            output.Write('\n');
        }
    }

    /// <summary>Hears what the library would otherwise keep to itself.</summary>
    private sealed class Refused(Func<Exception> whyNotOpened) : ILoggingFailureListener
    {
        private Exception? _first;

        public void OnLoggingFailed(object sender, LoggingFailureKind kind, string message, IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            if (events is { Count: > 0 } || kind != LoggingFailureKind.Temporary)
            {
                _first ??= exception switch
                {
                    IOException or UnauthorizedAccessException => exception,
                    null => whyNotOpened(),
                    _ => new IOException(exception.Message, exception),
                };
            }
        }

        public void ThrowIfAny()
        {
            if (_first is not null)
            {
                throw _first;
            }
        }
    }

    /// <summary>Knows which files were written to, ends a line that a kill or a full disk has cut, and has all of it on the disk.</summary>
    private sealed class Written : FileLifecycleHooks
    {
        private readonly List<string> _files = [];

        public override Stream OnFileOpened(string path, Stream underlyingStream, Encoding encoding)
        {
            _files.Add(path);
            if (IsCut(path))
            {
                underlyingStream.WriteByte((byte)'\n');
                underlyingStream.Flush();
            }

            return underlyingStream;
        }

        public void FlushToDisk()
        {
            foreach (var file in _files)
            {
                // By its name, which must still lead to what was written: one that was removed meanwhile isn't there.
                using var handle = System.IO.File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                RandomAccess.FlushToDisk(handle);
            }
        }

        private static bool IsCut(string path)
        {
            using var handle = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(handle);
            Span<byte> last = stackalloc byte[1];
            return length > 0 && RandomAccess.Read(handle, last, length - 1) == 1 && last[0] != (byte)'\n';
        }
    }
}
