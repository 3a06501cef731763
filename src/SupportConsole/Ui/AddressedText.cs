namespace SupportConsole.Ui;

/// <summary>
/// The text of a box that also stands in the page's address. What is typed is written there and comes round again, late on a slow
/// line; then it must not take back what was typed since. Spaces around a text don't count in the address.
/// </summary>
public sealed class AddressedText
{
    // Written to the address, and not come round yet; oldest first.
    private readonly Queue<string> _underWay = new();
    private string _addressed = "";

    /// <summary>What stands in the box.</summary>
    public string Text { get; set; } = "";

    /// <summary>Notes that the text is about to be written to the address.</summary>
    public void Send()
    {
        var text = Text.Trim();
        if (text != (_underWay.Count > 0 ? _underWay.Last() : _addressed))
        {
            _underWay.Enqueue(text);
        }
    }

    /// <summary>Takes what stands in the address now, unless it is older than what is in the box.</summary>
    public void Follow(string? addressed)
    {
        var text = (addressed ?? "").Trim();
        if (text == _addressed)
        {
            return;
        }

        _addressed = text;
        if (!_underWay.Contains(text))
        {
            _underWay.Clear();
            Text = addressed ?? "";
            return;
        }

        while (_underWay.Dequeue() != text)
        {
            // An address that was passed over on the way.
        }
    }
}
