using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SupportConsole.Core.Html;

namespace SupportConsole.Features.ViewAs.Bodies;

/// <summary>Makes a stored JSON document readable.</summary>
internal static class JsonBody
{
    // Each level moves its lines to the right; deeper ones than the framework's own limit are read as stored.
    private const int MaximumDepth = 64;

    private static readonly JsonWriterOptions s_writing = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaximumDepth };

    public static ShownBody Of(string stored)
    {
        stored = DataAddresses.Shorten(stored);
        var (text, leftOut) = TryFormat(stored) ?? (ShownBody.Cut(stored), stored.Length - ShownBody.Cut(stored).Length > 0);
        var lines = text.AsSpan().Count('\n') + 1;
        var name = string.Create(CultureInfo.InvariantCulture, $"JSON, {lines:N0} {(lines == 1 ? "line" : "lines")}");
        return new ShownBody.Json(text, name, leftOut
            ? string.Create(CultureInfo.InvariantCulture, $"This JSON is too long to show whole. Its beginning is shown; as stored it has {stored.Length:N0} characters.")
            : null);
    }

    // Null for what isn't JSON, or is nested too deep: that is shown as it is stored.
    private static (string Text, bool Cut)? TryFormat(string stored)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, s_writing);
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(stored), new JsonReaderOptions { MaxDepth = MaximumDepth });
            while (reader.Read())
            {
                if (writer.BytesCommitted + writer.BytesPending > ShownBody.MaximumLength)
                {
                    writer.Flush();
                    return (ShownBody.Cut(Encoding.UTF8.GetString(buffer.WrittenSpan)), true);
                }

                Copy(reader, writer);
            }

            writer.Flush();
            var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
            return (ShownBody.Cut(text), text.Length > ShownBody.MaximumLength);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // The second is what half a surrogate pair leads to, which JSON allows and .NET can't decode.
            return null;
        }
    }

    private static void Copy(in Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(reader.GetString()!);
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(reader.GetString());
                break;
            default:
                // Numbers and words stay as they are written.
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }
}
