namespace SupportConsole.Core.Users;

/// <summary>What somebody typed into the search box, understood.</summary>
public abstract record UserQuery
{
    /// <summary>An infix search of fewer characters would match half the users and scan them all.</summary>
    public const int MinimumLength = 3;

    /// <summary>Longer input is cut: no name, address or id is longer.</summary>
    public const int MaximumLength = 200;

    private UserQuery()
    {
    }

    /// <summary>Nothing to look for.</summary>
    public sealed record Nothing : UserQuery;

    /// <summary>Too few characters to look for.</summary>
    public sealed record TooShort : UserQuery;

    /// <summary>A record id, typed or found in a pasted address of the app.</summary>
    /// <param name="Id">The id.</param>
    public sealed record ById(string Id) : UserQuery;

    /// <summary>A complete e-mail address.</summary>
    /// <param name="Email">The address as typed.</param>
    public sealed record ByEmail(string Email) : UserQuery;

    /// <summary>Part of a name, user name, e-mail address or id.</summary>
    /// <param name="Text">The text as typed.</param>
    public sealed record ByText(string Text) : UserQuery;

    /// <summary>Whether the input names one user, so that there is no more typing to wait for.</summary>
    public bool IsExact => this is ById or ByEmail;

    /// <summary>Understands the input of the search box.</summary>
    public static UserQuery Parse(string? input)
    {
        var text = (input ?? "").Trim();
        if (text.Length > MaximumLength)
        {
            // Not through the middle of a character.
            text = text[..(char.IsHighSurrogate(text[MaximumLength - 1]) ? MaximumLength - 1 : MaximumLength)];
        }

        if (text.Length == 0)
        {
            return new Nothing();
        }

        if (IsRecordId(text))
        {
            return new ById(text);
        }

        if (IdInAddress(text) is { } id)
        {
            return new ById(id);
        }

        if (IsEmail(text))
        {
            return new ByEmail(text);
        }

        return text.EnumerateRunes().Count() < MinimumLength ? new TooShort() : new ByText(text);
    }

    // PocketBase's own ids: 15 characters of [a-z0-9]. A digit is asked for, so that a long word stays a word.
    private static bool IsRecordId(string text) =>
        text.Length == 15 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) && text.Any(char.IsAsciiDigit);

    private static string? IdInAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? text.Split('/', '?', '#', '&', '=', ':').LastOrDefault(IsRecordId)
            : null;

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var dot = text.LastIndexOf('.');
        return at > 0 && dot > at + 1 && text.Length - dot > 2 && !text.Contains(' ', StringComparison.Ordinal);
    }
}
