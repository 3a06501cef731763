using System.Globalization;
using static SupportConsole.Core.Numbers;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>What witnesses say, as people read it.</summary>
internal static class WitnessWords
{
    /// <summary>In some sentences, what contradicts the log first; empty without witnesses.</summary>
    public static string Of(IReadOnlyList<WitnessState> witnesses, DateTimeOffset now) => string.Join(
        ' ',
        [
            .. witnesses.Select(witness => witness.Alarm).OfType<string>(),
            .. witnesses.Count > 0 ? [Cosigned(witnesses, now)] : Array.Empty<string>(),
            .. witnesses.Where(witness => witness.Fault is not null).Select(witness => string.Create(
                CultureInfo.InvariantCulture, $"Since {witness.Since:yyyy-MM-dd HH:mm} UTC: {witness.Fault}")),
        ]);

    private static string Cosigned(IReadOnlyList<WitnessState> witnesses, DateTimeOffset now)
    {
        var newest = witnesses.Max(witness => witness.Size);
        var cosigned = witnesses.Where(witness => witness.Size == newest && witness.AgeAt(now) is not null).ToList();
        var of = $"{Number(witnesses.Count)} {(witnesses.Count == 1 ? "witness" : "witnesses")}";
        return cosigned.Count == 0 ? $"None of {of} has cosigned yet." : $"{Number(cosigned.Count)} of {of} cosigned event {Number(newest)}, {VerdictWords.Of(cosigned.Max(witness => witness.AgeAt(now)!.Value))} ago.";
    }
}
