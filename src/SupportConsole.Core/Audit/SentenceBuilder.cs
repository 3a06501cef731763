using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace SupportConsole.Core.Audit;

/// <summary>Takes a sentence as it is written in the code, with its people as parts of their own.</summary>
[InterpolatedStringHandler]
internal readonly struct SentenceBuilder(int literalLength, int formattedCount)
{
    private readonly List<SentencePart> _parts = new((2 * formattedCount) + (literalLength > 0 ? 1 : 0));

    /// <summary>The parts; words beside each other are one.</summary>
    public ImmutableArray<SentencePart> Parts => [.. _parts];

    /// <summary>Takes what stands in the code.</summary>
    public void AppendLiteral(string words)
    {
        if (_parts is [.., { Role: SentenceRole.Words } before])
        {
            _parts[^1] = before with { Text = before.Text + words };
        }
        else if (words.Length > 0)
        {
            _parts.Add(new SentencePart(words));
        }
    }

    /// <summary>Takes words that are in one line already.</summary>
    public void AppendFormatted(string words) => AppendLiteral(words);

    /// <summary>Takes a person, or words.</summary>
    public void AppendFormatted(SentencePart part)
    {
        if (part.Role == SentenceRole.Words)
        {
            AppendLiteral(part.Text);
        }
        else
        {
            _parts.Add(part);
        }
    }

    /// <summary>Takes a piece of a sentence.</summary>
    public void AppendFormatted(SentenceBuilder piece)
    {
        foreach (var part in piece._parts)
        {
            AppendFormatted(part);
        }
    }
}
