using SupportConsole.Tests.Browser;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SupportConsole.Tests.TestKit.LongestFirst))]

namespace SupportConsole.Tests.TestKit;

/// <summary>Begins with the looks, which take longer than any other collection: begun last, they would run on alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    public IReadOnlyCollection<T> OrderTestCollections<T>(IReadOnlyCollection<T> testCollections)
        where T : ITestCollection => [.. testCollections.OrderByDescending(collection => collection.TestCollectionDisplayName == Looks.Name)];
}
