namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>What PocketBase compares a value as. A literal stands for a field only where the other side is of the same kind.</summary>
internal enum ValueKind
{
    /// <summary>Nothing that a literal could stand for.</summary>
    Other,

    /// <summary>Text; dates are text too.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Flag,
}
