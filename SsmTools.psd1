@{
    RootModule           = 'bin/SsmTools.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5f0e7f6b-3a0d-4c55-9a1e-6b1f8e0d2c47'
    Author               = 'The SsmTools contributors'
    CompanyName          = 'SsmTools'
    Copyright            = '(c) The SsmTools contributors. MIT licence.'
    Description          = 'From nothing to a prompt on an EC2 instance in a private subnet, through AWS Systems Manager Session Manager: no SSH, no keys, no bastion, no open port, no AWS CLI, no session-manager-plugin.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('bin/SsmTools.format.ps1xml')
    CmdletsToExport      = @(
        'New-SsmInstanceRole'
        'Get-SsmInstanceRole'
        'Set-SsmInstanceRole'
        'Remove-SsmInstanceRole'
        'New-SsmInstance'
        'Get-SsmInstance'
        'Start-SsmInstance'
        'Stop-SsmInstance'
        'New-SsmPowerSchedule'
        'Get-SsmPowerSchedule'
        'Set-SsmPowerSchedule'
        'Remove-SsmPowerSchedule'
        'Remove-SsmInstance'
        'New-SsmNetwork'
        'Remove-SsmNetwork'
        'New-SsmVpcEndpoint'
        'Test-SsmRegistration'
        'Repair-SsmRegistration'
        'Enter-SsmSession'
        'Invoke-SsmCommand'
        'New-SsmAccessPolicy'
        'Remove-SsmAccessPolicy'
        'Register-SsmSessionAlert'
        'Get-SsmSessionAlert'
        'Unregister-SsmSessionAlert'
        'New-SsmTunnel'
        'Get-SsmTunnel'
        'Remove-SsmTunnel'
        'Connect-SsmRdp'
        'New-SsmPSSession'
        'Export-SsmSshConfig'
        'Connect-SsmSshProxy'
        'Register-SsmNode'
        'Unregister-SsmNode'
        'Get-SsmSessionPreference'
        'Set-SsmSessionPreference'
        'Start-SsmSandbox'
        'Get-SsmSandbox'
        'Stop-SsmSandbox'
        'Set-SsmSandboxFault'
        'Get-SsmSandboxFault'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('AWS', 'SSM', 'SessionManager', 'EC2', 'SystemsManager', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
