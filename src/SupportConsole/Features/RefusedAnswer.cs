using SupportConsole.Access;
using SupportConsole.Core;

namespace SupportConsole.Features;

/// <summary>What an endpoint answers where something stood against it: the explanation, with the status that fits.</summary>
internal static class RefusedAnswer
{
    public static IResult Of(ExplainedException refusal) => Results.Text(refusal.Message, statusCode: refusal switch
    {
        DutyRefusedException or SignInOverException => StatusCodes.Status403Forbidden,
        TooOftenException => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    });
}
