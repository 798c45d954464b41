BeforeAll {
    . $PSScriptRoot/common.ps1
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmSandboxFault' {
    It 'returns nothing where no sandbox runs, or nothing goes wrong in it' {
        Get-SsmSandboxFault | Should -BeNullOrEmpty
        $null = Start-SsmSandbox
        Get-SsmSandboxFault | Should -BeNullOrEmpty
    }

    It 'counts how often each acted' {
        $null = Start-SsmSandbox
        Set-SsmSandboxFault throttle:GetRole:x1, drop=1%
        $null = New-SsmInstanceRole web
        $faults = Get-SsmSandboxFault
        $faults | Should -BeOfType SsmTools.Output.SsmSandboxFault
        $faults.Hits | Should -Be 1, 0
        $faults | Out-String | Should -Match 'throttle:GetRole:x1\s+1'
    }
}
