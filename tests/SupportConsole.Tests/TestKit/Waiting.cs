namespace SupportConsole.Tests.TestKit;

/// <summary>Waits for what nobody tells of, by the machine's clock; what goes by the console's is <see cref="Ticking" />'s.</summary>
internal static class Waiting
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until it has happened.</summary>
    /// <param name="happened">Whether it has.</param>
    /// <param name="seconds">How long it may take.</param>
    /// <exception cref="OperationCanceledException">It didn't in that time.</exception>
    public static async Task UntilAsync(Func<Task<bool>> happened, int seconds = 60)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        while (!await happened())
        {
            await Task.Delay(s_betweenLooks, TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The same for what can be seen without asking anybody.</summary>
    public static Task UntilAsync(Func<bool> happened, int seconds = 60) => UntilAsync(() => Task.FromResult(happened()), seconds);
}
