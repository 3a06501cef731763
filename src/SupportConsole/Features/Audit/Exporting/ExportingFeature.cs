using System.Globalization;
using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features.Audit.Exporting;

/// <summary>The way out of the trail, as files.</summary>
internal static partial class ExportingFeature
{
    /// <summary>The header that says the last sequence that can be in the file: given as <c>until</c>, with <c>after</c>, it continues the same one.</summary>
    public const string UntilHeader = "Audit-Export-Until";

    /// <summary>Registers it.</summary>
    public static IServiceCollection AddExporting(this IServiceCollection services) => services.AddSingleton<ExportFeed>().AddSingleton<ExportDesk>();

    /// <summary>Maps the download.</summary>
    public static void MapExporting(this WebApplication app) => app.MapGet("/audit/export", DownloadAsync);

    /// <summary>How the file is called that somebody gets.</summary>
    public static string NameOf(TrailExport export, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"audit-{now.UtcDateTime:yyyy-MM-dd}-events-{export.After + 1}-{Math.Max(export.Until, export.After + 1)}.{export.Format.Extension}");

    /// <summary>The file, which goes out as it is read. Whoever asks for it is asked for their duty here, and again while it goes out.</summary>
    private static async Task<IResult> DownloadAsync(HttpContext http, CurrentStaff who, ExportDesk desk, TimeProvider clock, ILogger<TrailExport> log)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            var export = await desk.BeginAsync(who, ExportWish.Read(http.Request.QueryString.Value), http.RequestAborted);
            http.Response.Headers[UntilHeader] = export.Until.ToString(CultureInfo.InvariantCulture);
            return Results.Stream(to => WriteAsync(http, desk, export, log), export.Format.ContentType, NameOf(export, clock.GetUtcNow()));
        }
        catch (ExportRefusedException refusal)
        {
            return Results.Text(refusal.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (ExplainedException refusal)
        {
            return RefusedAnswer.Of(refusal);
        }
    }

    private static async Task WriteAsync(HttpContext http, ExportDesk desk, TrailExport export, ILogger log)
    {
        try
        {
            await desk.SendAsync(export, http.Response.BodyWriter, http.RequestAborted);
        }
        catch (Exception end) when (end is ExplainedException or OperationCanceledException or IOException)
        {
            // A part that ended well would be taken for the whole.
            LogCutOff(log, export.Format.Name, end is ExplainedException ? end.Message : "nobody reads any more");
            http.Abort();
        }
    }

    [LoggerMessage(EventId = 3018, Level = LogLevel.Warning, Message = "An export of the audit trail as {Format} was cut off: {Reason}")]
    private static partial void LogCutOff(ILogger log, string format, string reason);
}
