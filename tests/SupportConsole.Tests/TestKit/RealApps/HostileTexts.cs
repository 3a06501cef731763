namespace SupportConsole.Tests.TestKit.RealApps;

/// <summary>Names, addresses and texts as an app's own users choose them, the awkward ones first.</summary>
internal static class HostileTexts
{
    /// <summary>What people are called, with the local part of their address. Some equal others', some look like ids, one is empty.</summary>
    public static IReadOnlyList<(string Name, string Mailbox)> People { get; } =
    [
        ("Jürgen Müller-Lüdenscheidt", "juergen.mueller"),
        ("王芳", "wang.fang"),
        ("Siobhán O'Brien", "siobhan.o'brien"),
        ("christopher1990", "christopher1990"),
        ("Ada Lovelace", "Ada.Lovelace+Support"),
        ("Ada Lovelace", "ada.lovelace"),
        ("anna2023bergman", "Anna2023Bergman"),
        ("", "nobody.in-particular"),
        ("김철", "KIM_CHEOL"),
        ("Ünal Şimşek", "unal100%"),
        ("Robert \"Bobby\" Tables", "bobby.tables+'x'"),
        ("<b>Bold</b> Bettina", "bold&bettina"),
        ("山田", "yamada.taro"),
        ("100% Maya_Back\\slash", "maya.back/slash"),
    ];

    /// <summary>Texts of one line that anybody may find by reading.</summary>
    public static IReadOnlyList<string> Lines { get; } =
    [
        "Kaffee für den Empfang", "価格表 2026", "My List<String> doesn't compile", "O'Brien's \"bill\"", "100% _sure_ \\ done",
        "Rechnung Nr. 4711", "🌊 Sea view", "{{ curly }} & sons", "Прайс-лист", "{\"a\": 1}", "قائمة الأسعار", "Sign up <Oct 20th",
    ];

    /// <summary>Texts that a page may stumble over.</summary>
    public static IReadOnlyList<string> Awkward { get; } =
    [
        "first line\nsecond line\n\n# third", "\u202Egnp.exe", "\u200B\u200B", "<script>alert(1)</script>", "**Mark** [down](javascript:x)",
        string.Concat(Enumerable.Repeat("A long story. ", 60)), "a\tb", "null", "0", "-1",
    ];

    public static IReadOnlyList<string> Bodies { get; } =
    [
        "<p>Hello <b>you</b></p>", "<h2>Part</h2><p>Price <del>100</del> <ins>80</ins></p>", "<figure><img src=\"x.png\" alt=\"Invoice\"></figure>",
        "<font color=\"red\">Whole post</font>", "<p onclick=\"x()\">Click</p><script>x()</script>", "no markup at all", "<p></p>",
    ];
}
