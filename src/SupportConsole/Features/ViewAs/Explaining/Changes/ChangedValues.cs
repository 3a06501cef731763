using SupportConsole.PocketBase;

namespace SupportConsole.Features.ViewAs.Explaining.Changes;

/// <summary>What fields would hold after some changes.</summary>
internal sealed class ChangedValues
{
    private readonly Dictionary<(string Collection, string Record, string Field), IReadOnlyList<string>> _values = [];

    public ChangedValues(IEnumerable<ValueChange> changes)
    {
        foreach (var change in changes)
        {
            var before = _values.GetValueOrDefault(change.Slot, change.Before);
            _values[change.Slot] = change.Kind switch
            {
                ValueChangeKind.Set => [change.Value],
                ValueChangeKind.Add => [.. before.Where(value => value != change.Value), change.Value],
                ValueChangeKind.Remove => [.. before.Where(value => value != change.Value)],
                _ => [],
            };
        }
    }

    /// <summary>As it is.</summary>
    public static ChangedValues None { get; } = new([]);

    /// <summary>What the field of a record would hold; null where that isn't changed.</summary>
    public IReadOnlyList<string>? Of(CollectionSchema collection, string record, CollectionField field) =>
        _values.GetValueOrDefault((collection.Name, record, field.Name));

    /// <summary>Whether PocketBase itself would write something else into the field.</summary>
    public bool Rewrites(CollectionSchema collection, string record, CollectionField field) =>
        field.OnUpdate && _values.Keys.Any(slot => slot.Collection == collection.Name && slot.Record == record);

    /// <summary>Whether the field may change in some record of the collection. What becomes of a view, nobody knows.</summary>
    public bool Touches(CollectionSchema collection, string field) => collection.IsView
        ? _values.Count > 0
        : _values.Keys.Any(slot => slot.Collection == collection.Name && (slot.Field == field || collection.Fields.Any(known => known.OnUpdate && known.Name == field)));
}
