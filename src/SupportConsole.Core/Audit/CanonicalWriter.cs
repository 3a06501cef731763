using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SupportConsole.Core.Audit;

/// <summary>The few forms of JSON that an event needs, each key given in its order.</summary>
internal sealed class CanonicalWriter
{
    private static readonly SearchValues<char> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\']);

    private readonly ArrayBufferWriter<byte> _bytes = new(512);
    private bool _first = true;

    public CanonicalWriter() => Put('{');

    public void Open(string key)
    {
        Key(key);
        Put('{');
        _first = true;
    }

    public void Close()
    {
        Put('}');
        _first = false;
    }

    public byte[] End()
    {
        Put('}');
        return _bytes.WrittenSpan.ToArray();
    }

    public void Text(string key, string? text)
    {
        if (text is not null)
        {
            Key(key);
            Quoted(text);
        }
    }

    public void Texts(string key, IEnumerable<string> texts)
    {
        Key(key);
        Put('[');
        _first = true;
        foreach (var text in texts)
        {
            Separate();
            Quoted(text);
        }

        Put(']');
        _first = false;
    }

    public void Number(string key, long number)
    {
        Key(key);
        Utf8Formatter.TryFormat(number, _bytes.GetSpan(20), out var written);
        _bytes.Advance(written);
    }

    private void Key(string key)
    {
        Separate();
        Quoted(key);
        Put(':');
    }

    private void Separate()
    {
        if (!_first)
        {
            Put(',');
        }

        _first = false;
    }

    private void Quoted(ReadOnlySpan<char> text)
    {
        Put('"');
        while (text.IndexOfAny(MustEscape) is var at and >= 0)
        {
            Encoding.UTF8.GetBytes(text[..at], _bytes);
            Encoding.UTF8.GetBytes(Escape(text[at]), _bytes);
            text = text[(at + 1)..];
        }

        // The encoder puts U+FFFD where a surrogate stands alone. An escape is never half of a pair, so no pair is torn.
        Encoding.UTF8.GetBytes(text, _bytes);
        Put('"');
    }

    private static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\f' => "\\f",
        '\r' => "\\r",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
    };

    private void Put(char ascii)
    {
        _bytes.GetSpan(1)[0] = (byte)ascii;
        _bytes.Advance(1);
    }
}
