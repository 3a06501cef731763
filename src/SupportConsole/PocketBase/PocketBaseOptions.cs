namespace SupportConsole.PocketBase;

/// <summary>The app's PocketBase and what of it the console may touch (section <c>PocketBase</c>).</summary>
internal sealed class PocketBaseOptions
{
    public const string SectionName = "PocketBase";

    /// <summary>Root address of the server, such as <c>https://api.example.com</c>.</summary>
    public string Url { get; set; } = "";

    /// <summary>Lets <see cref="Url"/> be http to another machine, outside Development too.</summary>
    public bool AllowHttp { get; set; }

    /// <summary>E-mail address of the console's own superuser; goes with <see cref="SuperuserPassword"/>.</summary>
    public string SuperuserEmail { get; set; } = "";

    public string SuperuserPassword { get; set; } = "";

    /// <summary>A static superuser token instead of a password; the only way in where superusers need a second factor.</summary>
    public string SuperuserToken { get; set; } = "";

    /// <summary>
    /// Auth collections that may be searched and viewed as. Empty means <c>users</c>; the default is filled in after binding,
    /// because the configuration binder adds to a default list instead of replacing it.
    /// </summary>
    public IList<string> UserCollections { get; set; } = [];

    /// <summary>
    /// The fields that users are searched in and named by, in this order, for every collection that has them. Empty asks the schema: all
    /// text and e-mail fields that users may see.
    /// </summary>
    public IList<string> UserFields { get; set; } = [];

    /// <summary>
    /// Headers that are sent with each read as a user, for apps whose rules read <c>@request.headers</c>: the values that the app's own
    /// client would send.
    /// </summary>
    public IDictionary<string, string> RequestHeaders { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Longest wait for one answer, in seconds.</summary>
    public int TimeoutSeconds { get; set; } = 8;

    /// <summary>Whether <see cref="UserCollections"/> has this name or id in some spelling; PocketBase takes names in any case.</summary>
    public bool Mentions(string collection) => UserCollections.Contains(collection, StringComparer.OrdinalIgnoreCase);
}
