using SupportConsole.Core;
using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>One field of one record, and what it would have to hold. Nobody does it from here.</summary>
public sealed record ValueChange
{
    internal ValueChange(ValueChangeKind kind, CollectionSchema collection, string recordId, CollectionField field, string value)
    {
        (Kind, Collection, RecordId, Field, Value) = (kind, collection, recordId, field, value);
        (RecordName, ValueName) = (recordId, value);
    }

    /// <summary>What is done.</summary>
    public ValueChangeKind Kind { get; }

    /// <summary>The record's id.</summary>
    public string RecordId { get; }

    /// <summary>What is set, added or removed, as PocketBase writes it; empty where the field is emptied.</summary>
    public string Value { get; }

    /// <summary>What the record is called; its id where nothing says.</summary>
    public string RecordName { get; init; }

    /// <summary>The value for people: of a relation what the other record is called.</summary>
    public string ValueName { get; init; }

    internal CollectionSchema Collection { get; }

    internal CollectionField Field { get; }

    /// <summary>The field, as the app calls it.</summary>
    public string FieldName => Field.Name;

    /// <summary>What the field holds now.</summary>
    internal IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Which value it is about.</summary>
    internal (string Collection, string Record, string Field) Slot => (Collection.Name, RecordId, Field.Name);

    /// <summary>What stands before the field's name in words, and what after it.</summary>
    public (string Before, string After) Words => (Kind, this) switch
    {
        (ValueChangeKind.Set, { Collection.IsAuth: true, Field.Name: "verified", Value: "true" }) => ($"verify the account of {Named(RecordName)}: set", "to true"),
        (ValueChangeKind.Set, { Field.Type: "bool" or "number" }) => ("set", $"of {Named(RecordName)} to {Value}"),
        (ValueChangeKind.Set, { Field.Type: "relation" }) => ("set", $"of {Named(RecordName)} to {Named(ValueName)}"),
        (ValueChangeKind.Set, _) => ("set", $"of {Named(RecordName)} to “{VisibleText.Isolate(Value)}”"),
        (ValueChangeKind.Add, _) => ($"add {Named(ValueName)} to", $"of {Named(RecordName)}"),
        (ValueChangeKind.Remove, _) => ($"remove {Named(ValueName)} from", $"of {Named(RecordName)}"),
        _ => ("empty", $"of {Named(RecordName)}"),
    };

    /// <summary>Two are the same that do the same.</summary>
    public bool Equals(ValueChange? other) => other is not null && (Slot, Kind, Value) == (other.Slot, other.Kind, other.Value);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Slot, Kind, Value);

    /// <inheritdoc />
    public override string ToString() => $"{Words.Before} {Field.Name} {Words.After}";

    private static string Named(string name) => VisibleText.Isolate(name);
}
