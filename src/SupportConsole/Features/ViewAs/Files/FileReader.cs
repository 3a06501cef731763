using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Audit;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Files;

/// <summary>Opens files of records through a live session: those that the user's own answer names, and no others.</summary>
internal sealed class FileReader(SessionReads reads)
{
    /// <summary>The longest file that is sent on, in bytes: more than support looks at, less than a disk takes.</summary>
    public const long MaximumBytes = 1024 * 1024 * 1024;

    /// <summary>A file of a record that the user sees.</summary>
    /// <exception cref="ExplainedException">It may not or can't be shown; the message says why.</exception>
    public async Task<ReadOutcome<ViewedFile>> OpenAsync(
        CurrentStaff who, string sessionId, FilePlace place, string? thumb, CancellationToken cancellationToken)
    {
        var (staff, live) = await reads.RequireAsync(who, sessionId, cancellationToken);
        if (live.Collections.Find(place.Collection) is not { } schema || !schema.MayHold(place.Record))
        {
            return new ReadOutcome<ViewedFile>.Missing();
        }

        var opened = new ReadOutcome<ViewedFile>.Missing() as ReadOutcome<ViewedFile>;
        try
        {
            return await reads.RunAsync(
                staff,
                live,
                AuditEventTypes.FileViewed,
                new AuditTarget(schema.Name) { RecordIds = [place.Record] },
                async (client, token) => opened = await OpenAsync(client, schema, place, thumb, live.Over, token),
                (entry, read) => entry with
                {
                    Outcome = read is ReadOutcome<ViewedFile>.Found ? AuditOutcome.Success : AuditOutcome.Denied,
                    Detail = $"{place.Name}, {InWords(read)}",
                },
                cancellationToken);
        }
        catch
        {
            // Opened, and then something stood against showing it.
            (opened as ReadOutcome<ViewedFile>.Found)?.Value.File.Dispose();
            throw;
        }
    }

    private static async Task<ReadOutcome<ViewedFile>> OpenAsync(
        ImpersonatedClient client, CollectionSchema schema, FilePlace place, string? thumb, CancellationToken over, CancellationToken cancellationToken)
    {
        var fields = schema.Fields.Where(field => field is { Type: "file", Hidden: false }).ToArray();
        var record = await client.ViewAsync(schema.Name, place.Record, expand: null, string.Join(',', fields.Select(field => field.Name).Prepend("id")), cancellationToken);
        if (record is not ReadOutcome<PocketBaseRecord>.Found { Value: var found })
        {
            return record.Select<ViewedFile>(_ => throw new InvalidOperationException()).Under(schema.ViewRule);
        }

        if (fields.FirstOrDefault(field => found.Texts(field.Name).Contains(place.Name)) is not { } holder
            || await client.ReadFileAsync(schema.Name, place.Record, place.Name, thumb, holder.Protected, cancellationToken) is not { } file)
        {
            return new ReadOutcome<ViewedFile>.Missing();
        }

        try
        {
            if (file.Length > MaximumBytes)
            {
                throw PocketBaseProblem.FileTooLarge(file.Length.Value);
            }

            var beginning = new byte[FileKind.Telling];
            var read = 0;
            for (int part; read < beginning.Length && (part = await file.ReadAsync(beginning.AsMemory(read), cancellationToken)) > 0; read += part)
            {
            }

            return new ReadOutcome<ViewedFile>.Found(new ViewedFile(file, beginning.AsMemory(0, read), over));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static string InWords(ReadOutcome<ViewedFile> read) => read switch
    {
        ReadOutcome<ViewedFile>.Found { Value.File.Length: { } length } => string.Create(CultureInfo.InvariantCulture, $"{length:N0} bytes"),
        ReadOutcome<ViewedFile>.Found => "of unknown length",
        _ => "hidden or missing",
    };
}
