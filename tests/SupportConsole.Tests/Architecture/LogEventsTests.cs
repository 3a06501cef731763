using System.Reflection;
using Microsoft.Extensions.Logging;
using SupportConsole.Site;

namespace SupportConsole.Tests.Architecture;

/// <summary>Operators set alerts on the numbers of log events: each means one thing.</summary>
public sealed class LogEventsTests
{
    [Fact]
    public void Every_log_event_has_a_number_of_its_own()
    {
        var numbers = typeof(App).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(method => (method, Number: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(log => log.Number is not null).ToList();

        Assert.NotEmpty(numbers);
        Assert.DoesNotContain(numbers.GroupBy(log => log.Number), sharing => sharing.Count() > 1);
    }
}
