using SsmTools.Sandbox.Associations;
using SsmTools.Sandbox.Commands;
using SsmTools.Sandbox.Security;
using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Ssm;

/// <summary>Systems Manager's operations.</summary>
internal static class SsmApi
{
    public static OperationTable Create(ISessionBroker broker, ICommandDispatcher dispatcher, CredentialStore credentials)
    {
        MachineOperations machines = new(credentials, broker);
        SessionOperations sessions = new(broker);
        CommandOperations commands = new(dispatcher);
        AssociationOperations associations = new(dispatcher);
        return new OperationTable()
            .Add("GetParameter", ParameterOperations.Get)
            .Add("GetParameters", ParameterOperations.GetMany)
            .Add("GetParametersByPath", ParameterOperations.GetByPath)
            .Add("DescribeInstanceInformation", NodeOperations.Describe)
            .Add("ListDocuments", DocumentListing.List)
            .Add("DescribeDocument", DocumentOperations.Describe)
            .Add("GetDocument", DocumentOperations.Get)
            .Add("CreateDocument", DocumentOperations.Create)
            .Add("UpdateDocument", DocumentOperations.Update)
            .Add("UpdateDocumentDefaultVersion", DocumentOperations.UpdateDefaultVersion)
            .Add("DeleteDocument", DocumentOperations.Delete)
            .AddUnlocked("GetConnectionStatus", sessions.GetConnectionStatus)
            .AddUnlocked("StartSession", sessions.Start)
            .AddUnlocked("ResumeSession", sessions.Resume)
            .AddUnlocked("TerminateSession", sessions.Terminate)
            .Add("DescribeSessions", SessionListing.Describe)
            .AddUnlocked("SendCommand", commands.Send)
            .AddUnlocked("CancelCommand", commands.Cancel)
            .Add("ListCommands", CommandListing.ListCommands)
            .Add("ListCommandInvocations", CommandListing.ListInvocations)
            .Add("GetCommandInvocation", CommandListing.GetInvocation)
            .Add("StartAutomationExecution", AutomationOperations.Start)
            .Add("StopAutomationExecution", AutomationOperations.Stop)
            .Add("GetAutomationExecution", AutomationOperations.Get)
            .Add("DescribeAutomationExecutions", AutomationOperations.Describe)
            .Add("DescribeAutomationStepExecutions", AutomationOperations.DescribeSteps)
            .Add("GetServiceSetting", SettingOperations.Get)
            .Add("UpdateServiceSetting", SettingOperations.Update)
            .Add("ResetServiceSetting", SettingOperations.Reset)
            .Add("CreateActivation", ActivationOperations.Create)
            .Add("DeleteActivation", ActivationOperations.Delete)
            .Add("DescribeActivations", ActivationOperations.Describe)
            .Add("RegisterManagedInstance", MachineOperations.Register)
            .Add("RequestManagedInstanceRoleToken", machines.RequestRoleToken)
            .Add("UpdateManagedInstancePublicKey", MachineOperations.UpdatePublicKey)
            .AddUnlocked("DeregisterManagedInstance", machines.Deregister)
            .Add("UpdateInstanceInformation", AgentOperations.UpdateInstanceInformation)
            .Add("ListInstanceAssociations", AgentOperations.ListInstanceAssociations)
            .Add("UpdateInstanceAssociationStatus", AgentOperations.Take("InstanceId"))
            .Add("PutInventory", InventoryOperations.Put)
            .Add("GetInventory", InventoryOperations.Get)
            .Add("AddTagsToResource", ResourceTagOperations.Add)
            .Add("RemoveTagsFromResource", ResourceTagOperations.Remove)
            .Add("ListTagsForResource", ResourceTagOperations.List)
            .AddUnlocked("CreateAssociation", associations.Create)
            .AddUnlocked("UpdateAssociation", associations.Update)
            .AddUnlocked("StartAssociationsOnce", associations.StartOnce)
            .Add("DeleteAssociation", AssociationOperations.Delete)
            .Add("DescribeAssociation", AssociationListing.Describe)
            .Add("ListAssociations", AssociationListing.List)
            .Add("DescribeAssociationExecutions", AssociationListing.DescribeExecutions)
            .Add("DescribeAssociationExecutionTargets", AssociationListing.DescribeTargets)
            .Add("DescribeInstanceAssociationsStatus", AssociationListing.DescribeInstance)
            .Add("PutComplianceItems", AgentOperations.Take("ResourceId"));
    }
}
