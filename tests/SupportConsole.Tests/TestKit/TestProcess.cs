using System.Runtime.CompilerServices;

namespace SupportConsole.Tests.TestKit;

/// <summary>What holds for the whole process of the tests.</summary>
internal static class TestProcess
{
    // Each host watches its settings files, and a machine has few watches for many hosts at once (inotify: 128 instances a user).
    [ModuleInitializer]
    internal static void WatchNoSettings() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
