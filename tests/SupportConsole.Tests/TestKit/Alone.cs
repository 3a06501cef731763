namespace SupportConsole.Tests.TestKit;

/// <summary>What is weighed in the heap of the whole process, where nobody else may put anything meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
