BeforeAll {
    . $PSScriptRoot/common.ps1
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Get-SsmSandbox' {
    It 'returns nothing where none runs' {
        Get-SsmSandbox | Should -BeNullOrEmpty
    }

    It 'returns what Start-SsmSandbox returned' {
        $started = Start-SsmSandbox
        $sandbox = Get-SsmSandbox
        $sandbox | Should -BeOfType SsmTools.Output.SsmSandbox
        $sandbox | ConvertTo-Json | Should -Be ($started | ConvertTo-Json)
    }

    It 'finds it from another runspace of the process' {
        $shell = [powershell]::Create()
        $sandbox = $shell.AddScript("Import-Module '$Manifest'; Get-SsmSandbox").Invoke()
        $sandbox.Endpoint | Should -Be (Get-SsmSandbox).Endpoint
        $shell.Dispose()
    }
}
