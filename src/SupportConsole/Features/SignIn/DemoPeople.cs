using System.Collections.Immutable;
using SupportConsole.Core.Staff;

namespace SupportConsole.Features.SignIn;

/// <summary>The invented staff of the demo.</summary>
internal static class DemoPeople
{
    public static ImmutableArray<DemoPerson> All { get; } =
    [
        new("mia-chen", "Mia Chen", "mia@corp.example", Role.Agent),
        new("jan-peeters", "Jan Peeters", "jan@corp.example", Role.Agent),
        new("ines-duarte", "Ines Duarte", "ines@corp.example", Role.Admin),
        new("ruth-okafor", "Ruth Okafor", "ruth@corp.example", Role.Manager),
        new("omar-haddad", "Omar Haddad", "omar@corp.example", Role.Manager),
        new("tom-weber", "Tom Weber", "tom@corp.example", null),
    ];
}
