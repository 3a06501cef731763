namespace SupportConsole.Features.SetUp;

/// <summary>One thing about the set-up.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="State">How it is.</param>
/// <param name="Finding">What was found, and what to do.</param>
internal sealed record SetUpCheck(string Name, SetUpState State, string Finding);
