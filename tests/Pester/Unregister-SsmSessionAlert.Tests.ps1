BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Unregister-SsmSessionAlert' {
    It 'takes the alert away with its topic' {
        $null = Register-SsmSessionAlert gone -AllNodes
        Unregister-SsmSessionAlert gone | Should -BeNullOrEmpty
        Get-SsmSessionAlert gone -ErrorAction Ignore | Should -BeNullOrEmpty
        (Invoke-Child 'Register-SsmSessionAlert gone -AllNodes -WhatIf').Output | Should -Match 'Make the topic'
    }

    It 'takes alerts from the pipeline and returns them with -PassThru' {
        $null = 'one', 'two' | ForEach-Object { Register-SsmSessionAlert $_ -AllNodes }
        $removed = Get-SsmSessionAlert | Unregister-SsmSessionAlert -PassThru
        $removed | Should -BeOfType SsmTools.Output.SsmSessionAlert
        $removed.Name | Should -Be 'one', 'two'
    }

    It 'names each step with -WhatIf and takes none' {
        $null = Register-SsmSessionAlert kept -AllNodes
        (Invoke-Child 'Unregister-SsmSessionAlert kept -WhatIf').Output | Should -Match 'What if: .*Delete the rule.*rule kept'
        (Get-SsmSessionAlert kept).Name | Should -Be 'kept'
    }

    It 'is content when the alert is gone already, and says so' {
        Unregister-SsmSessionAlert never -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -Match 'There is no alert never'
    }

    It 'refuses a name that cannot be' {
        Assert-Error (Get-Failure { Unregister-SsmSessionAlert 'not good' -ErrorAction Stop }) AlertNameInvalid InvalidArgument 'not good'
    }
}
