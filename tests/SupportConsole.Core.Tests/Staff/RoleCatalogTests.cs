using SupportConsole.Core.Staff;

namespace SupportConsole.Core.Tests.Staff;

public sealed class RoleCatalogTests
{
    [Fact]
    public void Every_role_carries_a_duty() =>
        Assert.All(Enum.GetValues<Role>(), role => Assert.Contains(Enum.GetValues<Duty>(), duty => RoleCatalog.Covers([role], duty)));

    [Fact]
    public void Every_duty_is_carried_by_some_role() =>
        Assert.All(Enum.GetValues<Duty>(), duty => Assert.True(RoleCatalog.Covers(Enum.GetValues<Role>(), duty)));

    [Fact]
    public void Nobody_without_a_role_may_do_anything() =>
        Assert.All(Enum.GetValues<Duty>(), duty => Assert.False(RoleCatalog.Covers([], duty)));

    [Fact]
    public void Agents_may_learn_why_a_user_sees_what_they_view() => Assert.True(RoleCatalog.Covers([Role.Agent], Duty.ExplainAccess));

    [Theory]
    [InlineData(Role.Agent, Duty.ReadAudit)]
    [InlineData(Role.Agent, Duty.ManageRoles)]
    [InlineData(Role.Admin, Duty.ViewAsUsers)]
    [InlineData(Role.Admin, Duty.ExplainAccess)]
    [InlineData(Role.Admin, Duty.ManageRoles)]
    [InlineData(Role.Agent, Duty.ErasePersonalData)]
    [InlineData(Role.Manager, Duty.ViewAsUsers)]
    [InlineData(Role.Manager, Duty.ExplainAccess)]
    [InlineData(Role.Manager, Duty.ReadAudit)]
    [InlineData(Role.Manager, Duty.ErasePersonalData)]
    public void Powers_are_separated(Role role, Duty duty) => Assert.False(RoleCatalog.Covers([role], duty));
}
