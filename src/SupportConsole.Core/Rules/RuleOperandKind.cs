namespace SupportConsole.Core.Rules;

/// <summary>What stands on one side of a comparison.</summary>
public enum RuleOperandKind
{
    /// <summary>A field of the record, or of what it is related to.</summary>
    Field,

    /// <summary>A field of the signed-in user (<c>@request.auth.…</c>), or of what they are related to.</summary>
    Auth,

    /// <summary>A field of any record of some collection (<c>@collection.…</c>).</summary>
    Collection,

    /// <summary>What only the request at hand says: its headers, query and body.</summary>
    Request,

    /// <summary>What is the same for every read: the request's method and context.</summary>
    RequestKind,

    /// <summary>A moment that the server fills in (<c>@now</c>).</summary>
    Macro,

    /// <summary>A quoted text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary><c>true</c>, <c>false</c> or <c>null</c>, or a field of that name.</summary>
    Constant,

    /// <summary>A function with its arguments.</summary>
    Function,
}
