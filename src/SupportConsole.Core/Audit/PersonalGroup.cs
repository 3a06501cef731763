using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace SupportConsole.Core.Audit;

/// <summary>
/// Some of an event's names and free text, with the salt of their own that keeps anybody from finding them again by trying; or the instant
/// when both were erased.
/// </summary>
public sealed class PersonalGroup
{
    private readonly byte[] _salt;
    private readonly SortedDictionary<string, string> _texts;

    private PersonalGroup(byte[] salt, SortedDictionary<string, string> texts) => (_salt, _texts) = (salt, texts);

    /// <summary>When it was erased, in UTC to the microsecond; null where it wasn't.</summary>
    public DateTimeOffset? ErasedAt { get; private init; }

    /// <summary>SHA-256 over the salt and the texts as canonical JSON, as base64; null where it was erased.</summary>
    public string? Commitment => ErasedAt is null ? Convert.ToBase64String(SHA256.HashData([.. _salt, .. TextsAlone()])) : null;

    /// <summary>A text by its key: null where there is none, and <see cref="PersonalText.ErasedWord"/> for each where it was erased.</summary>
    public string? this[string key] => ErasedAt is null ? _texts.GetValueOrDefault(key) : PersonalText.ErasedWord;

    /// <summary>What these texts are, under a new salt; null where all of them are null.</summary>
    internal static PersonalGroup? Of(params ReadOnlySpan<(string Key, string? Text)> texts)
    {
        var there = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, text) in texts)
        {
            if (text is not null)
            {
                there.Add(key, text);
            }
        }

        return there.Count == 0 ? null : new PersonalGroup(RandomNumberGenerator.GetBytes(PersonalText.SaltLength), there);
    }

    /// <summary>What is left of a group that is erased.</summary>
    internal static PersonalGroup Erased(DateTimeOffset at) => new([], []) { ErasedAt = at };

    internal static PersonalGroup Read(JsonElement json)
    {
        if (json.TryGetProperty("erased", out var erased))
        {
            return Erased(DateTimeOffset.ParseExact(erased.GetString()!, CanonicalForm.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal));
        }

        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in json.GetProperty("text").EnumerateObject())
        {
            texts.Add(text.Name, text.Value.GetString()!);
        }

        return new PersonalGroup(json.GetProperty("salt").GetBytesFromBase64(), texts);
    }

    internal void Write(string key, CanonicalWriter json)
    {
        json.Open(key);
        if (ErasedAt is { } at)
        {
            json.Text("erased", at.UtcDateTime.ToString(CanonicalForm.TimeFormat, CultureInfo.InvariantCulture));
        }
        else
        {
            json.Text("salt", Convert.ToBase64String(_salt));
            json.Open("text");
            WriteTexts(json);
            json.Close();
        }

        json.Close();
    }

    private byte[] TextsAlone()
    {
        var json = new CanonicalWriter();
        WriteTexts(json);
        return json.End();
    }

    private void WriteTexts(CanonicalWriter json)
    {
        foreach (var (key, text) in _texts)
        {
            json.Text(key, text);
        }
    }
}
