#pragma warning disable RS0030 // A seed that is said, so that the same things are made up each time.
namespace SupportConsole.Tests.Features.ViewAs.Explaining;

/// <summary>Makes up rules for <see cref="RuleApp"/>, the same ones for the same seed: most of them sensible, and some that compare anything with anything.</summary>
internal sealed class RuleMaker(int seed)
{
    private static readonly string[] s_operators = ["=", "!=", ">", ">=", "<", "<=", "~", "!~"];

    private static readonly string[][] s_kinds =
    [
        // Ids of users.
        [
            "owner", "owner.id", "watchers", "watchers.id", "watchers:each", "crew.lead", "crews.lead", "parent.owner", "crew.seats_via_crew.user", "owner.boss", "owner.friends.id",
            "@request.auth.id", "@request.auth.id", "@request.auth.id", "@request.auth.boss", "@request.auth.friends.id", "@request.auth.friends:each", "@request.auth.crew.lead",
            "@request.auth.crews.lead", "@collection.seats.user", "@collection.seats:s.user", "@collection.crews.lead", "@collection.folk.id", "''", "'folk00000000002'", "null",
        ],

        // Ids of crews.
        [
            "crew", "crew.id", "crews", "crews.id", "crews:each", "owner.crew", "owner.crews.id", "watchers.crew", "parent.crews:each", "owner.seats_via_user.crew",
            "@request.auth.crew", "@request.auth.crew.id", "@request.auth.crews", "@request.auth.crews.id", "@request.auth.crews:each", "@request.auth.boss.crew",
            "@request.auth.boss.crews:each", "@request.auth.seats_via_user.crew", "@request.auth.friends.crew", "@collection.seats.crew", "@collection.seats:s.crew", "@collection.crews.id",
            "@collection.folk:f.crew", "'crew00000000001'", "''",
        ],

        // Texts.
        [
            "title", "note", "title:lower", "kind", "tags", "tags:each", "owner.name", "owner.role", "owner.tags:each", "owner.email", "crew.name", "crew.lead.name", "crews.name",
            "crews.tags:each", "watchers.role", "watchers.crew.name", "parent.title", "parent.owner.name", "parent.crews.name", "works_via_parent.title", "works_via_parent.crews.name",
            "crew.seats_via_crew.level", "data", "data.a.b", "data.list.1", "secret", "file", "mail",
            "@request.auth.name", "@request.auth.name:lower", "@request.auth.nick", "@request.auth.role", "@request.auth.role:each", "@request.auth.tags", "@request.auth.tags:each",
            "@request.auth.email", "@request.auth.email:lower", "@request.auth.collectionName", "@request.auth.crew.name", "@request.auth.crews.name", "@request.auth.crews.tags:each",
            "@request.auth.boss.name", "@request.auth.friends.name", "@request.auth.prefs", "@request.auth.prefs.a.b", "@request.auth.site", "@request.auth.bio", "@request.auth.secret",
            "@request.auth.avatar", "@request.auth.nofield", "@request.auth.nofield.deeper", "@request.auth.seats_via_user.level", "@request.auth.works_via_owner.title",
            "@request.method", "@request.context", "@collection.seats.level", "@collection.seats:s.notes", "@collection.crews:c.name", "@collection.crews:c.tags:each",
            "'red'", "'red'", "'Red'", "'a'", "''", "\"\"", "'%e%'", "'a_b'", "'x\\y'", "'5'", "\"it's\"", "null",
        ],

        // Numbers.
        [
            "count", "rate", "tags:length", "crews:length", "crew.size", "crews.size", "owner.age", "watchers.age", "watchers:length", "parent.count", "parent.tags:length",
            "works_via_parent.count", "works_via_parent.crews:length", "crew.seats_via_crew.rank", "data.n", "data.list.0", "place.lon", "crew.place.lat", "crews.place.lat",
            "@request.auth.age", "@request.auth.tags:length", "@request.auth.crews:length", "@request.auth.crew.size", "@request.auth.crews.size", "@request.auth.boss.age",
            "@request.auth.home.lat", "@request.auth.prefs.n", "@request.auth.seats_via_user.rank", "@collection.seats.rank", "@collection.seats:s.rank", "@collection.folk:f.age",
            "0", "1", "5", "-2.5", "3", "5000", "@year", "@month", "@weekday",
            "geoDistance(place.lon, place.lat, 13, 52)", "geoDistance(place.lon, place.lat, @request.auth.home.lon, @request.auth.home.lat)", "geoDistance(crews.place.lon, crews.place.lat, 0, 0)",
            "geoDistance(@request.auth.crews.place.lon, 5, place.lon, crews.place.lat)",
        ],

        // Dates.
        [
            "due", "crew.founded", "crews.founded", "owner.birthday", "watchers.birthday", "parent.due", "works_via_parent.due", "@request.auth.birthday", "@request.auth.crew.founded",
            "@request.auth.crews.founded", "@request.auth.boss.birthday", "@collection.crews.founded", "@now", "@todayStart", "@yesterday", "@monthEnd", "@yearStart", "''",
            "'2024-05-01 10:00:00.000Z'", "'2024-05-01'",
        ],
        [
            "strftime('%Y', due)", "strftime('%Y', @request.auth.birthday)", "strftime('%Y', crews.founded)", "strftime('%m', works_via_parent.due)", "strftime('%Y', @request.auth.crews.founded)",
            "'2024'", "'05'", "''", "null", "strftime('%Y', @now)",
        ],

        // Yes or no.
        [
            "open", "crew.active", "crews.active", "owner.vip", "owner.verified", "watchers.vip", "parent.open", "data", "@request.auth.vip", "@request.auth.verified", "@request.auth.emailVisibility",
            "@request.auth.crew.active", "@request.auth.crews.active", "@request.auth.boss.vip", "@collection.crews.active", "@collection.folk:f.vip", "true", "true", "false", "TRUE", "null", "0", "1",
        ],
    ];

    // What asks for one and the same row; {0} to {2} are operators.
    private static readonly string[] s_linked =
    [
        "@collection.seats.user ?{0} @request.auth.id && @collection.seats.crew ?{1} crew",
        "@collection.seats:s.user ?{0} @request.auth.id && @collection.seats:s.crew ?{1} crews.id && @collection.seats:s.rank ?{2} 1",
        "@collection.seats.user ?{0} @request.auth.id && (@collection.seats.crew ?{1} crew || @collection.seats.level ?{2} @request.auth.role)",
        "@request.auth.crews.id ?{0} crew && @request.auth.crews.size ?{1} count",
        "@request.auth.seats_via_user.crew ?{0} crew && @request.auth.seats_via_user.level ?{1} kind",
        "crew.seats_via_crew.user ?{0} @request.auth.id && crew.seats_via_crew.level ?{1} 'red'",
        "crews.name ?{0} @request.auth.name && crews.lead ?{1} @request.auth.id",
        "watchers.id ?{0} @request.auth.id && watchers.vip ?{1} true",
        "tags:each ?{0} 'red' && tags:each ?{1} @request.auth.tags:each",
        "geoDistance(crews.place.lon, crews.place.lat, 13, 52) < 500 && crews.active ?{0} true",
        "strftime('%Y', crews.founded) = '2024' && crews.size ?{0} @request.auth.age",
        "@collection.seats:s.user ?{0} @request.auth.id && @collection.crews:s.lead ?{1} @request.auth.id",
        "@collection.Seats.user ?{0} @request.auth.id && @collection.seats.crew ?{1} crew",
        "crews.lead.role {0} 'red' && crews.tags:each {1} 'blue'",
        "crews.lead.age > 0 && crews.active ?{1} true",
        "watchers.crew.name {0} 'red' && watchers.vip ?{1} true",
        "crew.seats_via_crew.user.age < 5 && crew.seats_via_crew.rank ?{0} 0 && crew.lead.role {1} kind",
        "@collection.seats.user.role {0} 'red' && @collection.seats.crew ?{1} crew",
        "@collection.seats.user.crew.name ~ 'e' && @collection.seats.level {1} 'red'",
        "@request.auth.crews.lead.role {0} 'red' && @request.auth.crews.tags:each {1} 'blue'",
        "@collection.seats.user {0} @request.auth.id && @collection.seats.crew ?{1} crew",
        "@request.auth.crews.id {0} crew && @request.auth.crews.size ?{1} count",
    ];

    private readonly Random _random = new(seed);

    public string Next() => Rule(_random.Next(1, 6), 0);

    private string Rule(int clauses, int depth)
    {
        if (clauses == 1)
        {
            return _random.Next(6) == 0 ? Linked() : Clause();
        }

        var left = _random.Next(1, clauses);
        return $"{Part(left)} {(_random.Next(2) == 0 ? "&&" : "||")} {Part(clauses - left)}{(_random.Next(12) == 0 ? " // ends\n" : "")}";

        string Part(int some) => some > 1 && _random.Next(2) == 0 ? $"({Rule(some, depth + 1)})" : Rule(some, depth + 1);
    }

    private string Linked()
    {
        var linked = Pick(s_linked);
        for (var i = 0; i < 3; i++)
        {
            linked = linked.Replace($"{{{i}}}", _random.Next(3) > 0 ? "=" : Pick(s_operators), StringComparison.Ordinal);
        }

        return linked;
    }

    private string Clause()
    {
        var kind = Pick(s_kinds);
        var (left, right) = (Pick(kind), Pick(_random.Next(5) == 0 ? Pick(s_kinds) : kind));
        return $"{left} {(_random.Next(3) == 0 ? "?" : "")}{(_random.Next(3) > 0 ? Pick(s_operators[..2]) : Pick(s_operators))} {right}";
    }

    private T Pick<T>(T[] of) => of[_random.Next(of.Length)];
}
