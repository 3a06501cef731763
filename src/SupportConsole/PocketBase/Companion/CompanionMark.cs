namespace SupportConsole.PocketBase;

/// <summary>What the companion hook put into a token when it was made for a session, or for the test of the hook.</summary>
/// <param name="Actor">Keyed hash of the acting person.</param>
/// <param name="Session">The session.</param>
/// <param name="TokenId">Names this one token, which no other has, and gives nothing away of it.</param>
/// <param name="ExpiresAt">When the token ends, on PocketBase's clock.</param>
internal sealed record CompanionMark(string Actor, string Session, string TokenId, DateTimeOffset ExpiresAt);
