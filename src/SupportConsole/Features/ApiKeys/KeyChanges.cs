using SupportConsole.Access;
using SupportConsole.Core.ApiKeys;

namespace SupportConsole.Features.ApiKeys;

/// <summary>Tells open pages that keys have changed.</summary>
internal sealed class KeyChanges(ILogger<KeyChanges> logger, TimeProvider clock) : Feed<IReadOnlyList<ApiKey>>(logger, clock);
