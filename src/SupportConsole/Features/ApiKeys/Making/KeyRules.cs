using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.ApiKeys;
using SupportConsole.Core.Staff;
using SupportConsole.Core.Users;

namespace SupportConsole.Features.ApiKeys.Making;

/// <summary>What stands against a new key: policy, and what is known of people and of other keys.</summary>
internal sealed class KeyRules(KeyBook book, IStaffRights rights, IOptions<ApiKeysOptions> options, TimeProvider clock)
{
    // PocketBase's own ids: 15 of these.
    private const string IdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const int IdLength = 15;

    /// <summary>What policy allows.</summary>
    public KeyPolicy Policy { get; } = options.Value.ToPolicy();

    /// <summary>A key with an account of its own, whose id is the key's unless its collection wants another.</summary>
    public ApiKey NewServiceKey(ActingStaff admin, KeyWish wish)
    {
        var id = RandomNumberGenerator.GetString(IdLetters, IdLength);
        return NewKey(admin, wish, id, options.Value.Collection, id);
    }

    /// <summary>A key of the superuser that is set aside; which record that is, is found out when it is made.</summary>
    public ApiKey NewSuperuserKey(ActingStaff admin, KeyWish wish) =>
        NewKey(admin, wish, RandomNumberGenerator.GetString(IdLetters, IdLength), PocketBaseName.Superusers, record: "");

    /// <summary>Asks everything that can be asked before PocketBase is.</summary>
    /// <exception cref="KeyRefusedException">A rule stands against it; recorded.</exception>
    public async Task CheckAsync(ActingStaff admin, KeyWish wish, ApiKey? replaced, CancellationToken cancellationToken)
    {
        var change = replaced is null ? "create" : "rotate";
        var now = clock.GetUtcNow();
        if (Policy.Check(wish, now) is [_, ..] found)
        {
            throw await book.RefusedAsync(admin, replaced, change, string.Join(' ', found));
        }

        if (replaced is not null)
        {
            return; // Its name and its owner are as they were; somebody may be looking for another owner already.
        }

        if ((await rights.FindAsync(new StaffId(wish.Owner), cancellationToken))?.Roles is not [_, ..])
        {
            throw await book.RefusedAsync(admin, null, change, "The owner must be somebody on the staff who holds a role now: somebody has to answer for the key.");
        }

        await CheckNameAsync(admin, wish.Name.Trim(), change, cancellationToken);
    }

    /// <summary>Drafts don't count, which may belong to a window that was closed; so it is asked again before the token is made.</summary>
    /// <exception cref="KeyRefusedException">The name is taken; recorded.</exception>
    public async Task CheckNameAsync(ActingStaff admin, string name, string change, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var taken = (await book.UnfinishedAsync(cancellationToken)).Any(key =>
            string.Equals(key.Name, name, StringComparison.OrdinalIgnoreCase) && key.Phase is not (KeyPhase.Draft or KeyPhase.Dropping or KeyPhase.Requested or KeyPhase.Approved)
            && KeyStates.Of(key, AccountPresence.There, now) != KeyState.Expired);
        if (taken)
        {
            throw await book.RefusedAsync(admin, null, change, $"There is a key called {name} already. Choose another name, or rotate that one.");
        }
    }

    private ApiKey NewKey(ActingStaff admin, KeyWish wish, string id, string collection, string record)
    {
        var now = clock.GetUtcNow();
        return new ApiKey(
            id, collection, record, wish.Kind, wish.Name.Trim(), ReasonText.FromString(wish.Purpose).Text, new StaffId(wish.Owner), now, admin.Member.Id, admin.Member.Name,
            wish.Life.EndFrom(now), KeyPhase.Draft);
    }
}
