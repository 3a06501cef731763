using SupportConsole.Core.Audit.Proofs;

namespace SupportConsole.Features.Audit.Proving;

/// <summary>One witness.</summary>
/// <param name="Address">Where it takes checkpoints.</param>
/// <param name="Key">What its cosignatures are checked with.</param>
internal sealed record Witness(Uri Address, NoteKey Key)
{
    /// <summary>The address for a sentence: a query may hold what isn't for everybody.</summary>
    public string Place => Address.GetLeftPart(UriPartial.Path);

    /// <summary>The witness of valid settings.</summary>
    public static Witness Of(AuditOptions.WitnessSetting options)
    {
        var prefix = new UriBuilder(options.Url) { Fragment = "" };
        prefix.Path = $"{prefix.Path.TrimEnd('/')}/add-checkpoint";
        return new Witness(prefix.Uri, NoteKey.TryParse(options.Key, out var key) ? key : throw new ArgumentException("The settings of a witness are checked at the start.", nameof(options)));
    }
}
