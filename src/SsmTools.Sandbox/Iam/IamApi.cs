using SsmTools.Sandbox.Wire;

namespace SsmTools.Sandbox.Iam;

/// <summary>IAM's operations.</summary>
internal static class IamApi
{
    public static OperationTable Create()
    {
        return new OperationTable()
            .Add("CreateRole", RoleOperations.Create)
            .Add("GetRole", RoleOperations.Get)
            .Add("ListRoles", RoleOperations.List)
            .Add("DeleteRole", RoleOperations.Delete)
            .Add("UpdateAssumeRolePolicy", RoleOperations.UpdateTrust)
            .Add("PutRolePermissionsBoundary", RoleOperations.PutBoundary)
            .Add("DeleteRolePermissionsBoundary", RoleOperations.DeleteBoundary)
            .Add("TagRole", RoleOperations.Tag)
            .Add("UntagRole", RoleOperations.Untag)
            .Add("ListRoleTags", RoleOperations.ListTags)
            .Add("AttachRolePolicy", RolePolicyOperations.Attach)
            .Add("DetachRolePolicy", RolePolicyOperations.Detach)
            .Add("ListAttachedRolePolicies", RolePolicyOperations.ListAttached)
            .Add("PutRolePolicy", RolePolicyOperations.Put)
            .Add("GetRolePolicy", RolePolicyOperations.Get)
            .Add("ListRolePolicies", RolePolicyOperations.List)
            .Add("DeleteRolePolicy", RolePolicyOperations.Delete)
            .Add("CreateInstanceProfile", InstanceProfileOperations.Create)
            .Add("GetInstanceProfile", InstanceProfileOperations.Get)
            .Add("ListInstanceProfiles", InstanceProfileOperations.List)
            .Add("ListInstanceProfilesForRole", InstanceProfileOperations.ListForRole)
            .Add("DeleteInstanceProfile", InstanceProfileOperations.Delete)
            .Add("AddRoleToInstanceProfile", InstanceProfileOperations.AddRole)
            .Add("RemoveRoleFromInstanceProfile", InstanceProfileOperations.RemoveRole)
            .Add("TagInstanceProfile", InstanceProfileOperations.Tag)
            .Add("CreatePolicy", PolicyOperations.Create)
            .Add("GetPolicy", PolicyOperations.Get)
            .Add("ListPolicies", PolicyOperations.List)
            .Add("DeletePolicy", PolicyOperations.Delete)
            .Add("ListEntitiesForPolicy", PolicyOperations.ListEntities)
            .Add("CreatePolicyVersion", PolicyVersionOperations.Create)
            .Add("GetPolicyVersion", PolicyVersionOperations.Get)
            .Add("ListPolicyVersions", PolicyVersionOperations.List)
            .Add("DeletePolicyVersion", PolicyVersionOperations.Delete)
            .Add("SimulatePrincipalPolicy", SimulationOperations.SimulatePrincipal);
    }
}
