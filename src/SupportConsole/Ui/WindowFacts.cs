namespace SupportConsole.Ui;

/// <summary>What is known of a window's browser, for as long as the window lives: a layout that takes another's place begins with it.</summary>
/// <param name="isDark">Whether dark colours were chosen earlier, on this machine.</param>
public sealed class WindowFacts(bool isDark)
{
    /// <summary>Whether the window is shown in dark colours.</summary>
    public bool IsDark { get; set; } = isDark;

    /// <summary>The reader's clock, or null until the browser has told it.</summary>
    public BrowserClock? Clock { get; private set; }

    /// <summary>Takes what the browser itself says.</summary>
    public void Learn(BrowserClock clock, bool isDark) => (Clock, IsDark) = (clock, isDark);
}
