using SupportConsole.Access;

namespace SupportConsole.Features.ApiKeys;

/// <summary>A person's turn to change keys; the next one's begins when it is disposed of.</summary>
internal sealed class KeyTurn(ActingStaff admin, IDisposable held) : IDisposable
{
    /// <summary>Whose turn it is.</summary>
    public ActingStaff Admin { get; } = admin;

    public void Dispose() => held.Dispose();
}
