namespace SupportConsole.Core.Audit.Ocsf;

/// <summary>A class of the Open Cybersecurity Schema Framework, as far as events of the trail are told as one.</summary>
/// <param name="Uid">Its number, the category's within.</param>
/// <param name="Name">Its name.</param>
/// <param name="CategoryName">The name of its category.</param>
public sealed record OcsfClass(int Uid, string Name, string CategoryName)
{
    /// <summary>What no class is for.</summary>
    public static OcsfClass BaseEvent { get; } = new(0, "Base Event", "Uncategorized");

    /// <summary>Changes of API keys, which are accounts of services.</summary>
    public static OcsfClass AccountChange { get; } = new(3001, "Account Change", "Identity & Access Management");

    /// <summary>Signing in and out, and acting as a user.</summary>
    public static OcsfClass Authentication { get; } = new(3002, "Authentication", "Identity & Access Management");

    /// <summary>What is done to the trail itself.</summary>
    public static OcsfClass EntityManagement { get; } = new(3004, "Entity Management", "Identity & Access Management");

    /// <summary>Roles of staff members.</summary>
    public static OcsfClass UserAccess { get; } = new(3005, "User Access Management", "Identity & Access Management");

    /// <summary>The console's start and stop.</summary>
    public static OcsfClass ApplicationLifecycle { get; } = new(6002, "Application Lifecycle", "Application Activity");

    /// <summary>Reads and searches.</summary>
    public static OcsfClass Datastore { get; } = new(6005, "Datastore Activity", "Application Activity");

    /// <summary>Its category's number.</summary>
    public int CategoryUid => Uid / 1000;
}
