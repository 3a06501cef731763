using System.Text;
using SupportConsole.Access;
using SupportConsole.Core.Staff;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.SetUp;

/// <summary>How PocketBase is set up, what would be better, and the companion hook to take away.</summary>
internal static class SetUpFeature
{
    /// <summary>Where the companion hook is downloaded.</summary>
    public const string Download = $"setup/{CompanionScript.FileName}";

    public static IServiceCollection AddSetUp(this IServiceCollection services)
    {
        services.AddSingleton<SetUpDesk>();
        return services;
    }

    public static void MapSetUp(this WebApplication app) =>
        app.MapGet($"/{Download}", () => Results.File(Encoding.UTF8.GetBytes(CompanionScript.Text), "text/javascript; charset=utf-8", CompanionScript.FileName))
            .RequireAuthorization(DutyPolicies.For(Duty.CheckSetUp));
}
