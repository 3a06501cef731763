using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using SupportConsole.Access;
using SupportConsole.Core;
using SupportConsole.Core.Staff;
using SupportConsole.Features.Audit;
using SupportConsole.Ui;

namespace SupportConsole.Features.Roles;

/// <summary>Who could do something on a day. Its address holds the question.</summary>
public sealed partial class CouldPage
{
    private static readonly TableColumn[] Columns = [.. TableColumn.Of("Staff member", "Role", "Since", "Until"), TableColumn.Actions];

    private static readonly IReadOnlyList<(string, string)> Duties = [("", "Choose…"), .. Enum.GetValues<Duty>().Select(duty => (duty.ToString(), DutyWords.Of(duty)))];

    private readonly Latest _newest = new();
    private Loaded<IReadOnlyList<RoleTenure>>? _tenures;
    private string? _dutyFault, _dayFault;
    private (string?, string?, string?)? _shown;

    [Inject] private CurrentStaff Staff { get; init; } = null!;

    [Inject] private RoleHistory History { get; init; } = null!;

    [Inject] private NavigationManager Navigation { get; init; } = null!;

    /// <summary>The duty by its name.</summary>
    [SupplyParameterFromQuery(Name = "duty")] public string? DutyName { get; set; }

    /// <summary>The day, <c>yyyy-MM-dd</c> in <see cref="Zone"/>.</summary>
    [SupplyParameterFromQuery] public string? Day { get; set; }

    /// <summary>Where the day is a day, as an IANA name. An address without one means the reader's own, and is then told so.</summary>
    [SupplyParameterFromQuery] public string? Zone { get; set; }

    [CascadingParameter] private BrowserClock? Browser { get; set; }

    [CascadingParameter] private WindowFacts? Facts { get; set; }

    private string ReaderZone => AuditAddress.NameOf(Browser?.Zone ?? TimeZoneInfo.Utc);

    // The day of an address that was passed on stays that of whoever chose it.
    private string ZoneName => string.IsNullOrWhiteSpace(Day) || string.IsNullOrWhiteSpace(Zone) ? ReaderZone : Zone;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!string.IsNullOrWhiteSpace(Day) && string.IsNullOrWhiteSpace(Zone))
        {
            // Nothing is asked before the browser has said its zone, nor without the address saying it to whoever gets it next.
            (_shown, _tenures) = (null, string.IsNullOrEmpty(DutyName) ? null : new Loaded<IReadOnlyList<RoleTenure>>.Waiting());
            if (Facts is not { Clock: null })
            {
                Navigation.NavigateTo(AddressOf(DutyName, Day, ReaderZone), replace: true);
            }
        }
        else if (_shown != (DutyName, Day, Zone))
        {
            _shown = (DutyName, Day, Zone);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        (_tenures, _dutyFault, _dayFault) = (null, null, null);
        var duty = Array.Find(Enum.GetValues<Duty>(), duty => duty.ToString() == DutyName);
        if (!string.IsNullOrEmpty(DutyName) && duty.ToString() != DutyName)
        {
            _dutyFault = $"“{VisibleText.Isolate(VisibleText.Shortened(DutyName, 60))}” is nothing that a role lets anybody do. Choose from the list.";
        }

        DateOnly day = default;
        if (!string.IsNullOrWhiteSpace(Day) && (!DateOnly.TryParseExact(Day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day) || day.Year is < 2 or > 9997))
        {
            _dayFault = $"“{VisibleText.Isolate(VisibleText.Shortened(Day, 60))}” is no day. Write it as year-month-day, such as 2026-12-01.";
        }

        var zone = TimeZoneInfo.Utc;
        if (!string.IsNullOrWhiteSpace(Zone) && !TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out zone))
        {
            _dayFault ??= $"“{VisibleText.Isolate(VisibleText.Shortened(Zone, 60))}” is no time zone that this server knows. Write one such as Europe/Berlin, or leave it out for your own.";
        }

        if ((_dutyFault ?? _dayFault) is null && !string.IsNullOrEmpty(DutyName) && !string.IsNullOrWhiteSpace(Day))
        {
            _tenures = new Loaded<IReadOnlyList<RoleTenure>>.Waiting();
            await LoadAsync(_newest, run => History.CouldAsync(Staff, duty, day, zone!, run), tenures => _tenures = tenures);
        }
    }

    private void Ask(string? duty, string? day) => Navigation.NavigateTo(AddressOf(duty, day, day == Day ? Zone : ReaderZone));

    private static string AddressOf(string? duty, string? day, string? zone) => QueryHelpers.AddQueryString("audit/could", new Dictionary<string, string?>
    {
        ["duty"] = string.IsNullOrEmpty(duty) ? null : duty,
        ["day"] = string.IsNullOrWhiteSpace(day) ? null : day,
        ["zone"] = string.IsNullOrWhiteSpace(day) ? null : zone,
    }.Where(part => part.Value is not null));

    private string TrailOf(RoleTenure tenure) => new AuditAddress(From: Day, To: Day, Zone: Zone, Actor: tenure.Staff.Value).ToAddress();

    private static string People(IReadOnlyList<RoleTenure> tenures) =>
        tenures.DistinctBy(tenure => tenure.Staff).Count() is 1 ? "1 person could." : $"{tenures.DistinctBy(tenure => tenure.Staff).Count()} people could.";

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _newest.Dispose();
        base.Dispose(disposing);
    }
}
