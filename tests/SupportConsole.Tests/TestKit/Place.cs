using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace SupportConsole.Tests.TestKit;

/// <summary>An environment with its content root, for rules and parts that ask for nothing else of a host.</summary>
internal sealed class Place(string environment, string folder) : IHostEnvironment
{
    public string EnvironmentName { get; set; } = environment;

    public string ApplicationName { get; set; } = "SupportConsole";

    public string ContentRootPath { get; set; } = folder;

    public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
}
