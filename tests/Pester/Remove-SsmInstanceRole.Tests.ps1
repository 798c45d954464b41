BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Remove-SsmInstanceRole' {
    It 'removes what New-SsmInstanceRole made' {
        $null = New-SsmInstanceRole gone
        Remove-SsmInstanceRole gone | Should -BeNullOrEmpty
        (New-SsmInstanceRole gone).Created | Should -BeTrue
    }

    It 'takes roles from the pipeline and returns them with -PassThru' {
        $removed = 'one', 'two' | New-SsmInstanceRole | Remove-SsmInstanceRole -PassThru
        $removed | Should -BeOfType SsmTools.Output.SsmInstanceRole
        $removed.RoleName | Should -Be 'one', 'two'
    }

    It 'names each step with -WhatIf and takes none' {
        $null = New-SsmInstanceRole kept
        $said = Invoke-Child 'Remove-SsmInstanceRole kept -WhatIf'
        $said.Output | Should -Match 'What if: .*kept'
        (New-SsmInstanceRole kept).Created | Should -BeFalse
    }

    It 'is content when the role is gone already' {
        $null = New-SsmInstanceRole twice
        Remove-SsmInstanceRole twice
        { Remove-SsmInstanceRole twice -ErrorAction Stop } | Should -Not -Throw
    }

    It 'refuses a name that IAM cannot have' {
        $failed = Get-Failure { Remove-SsmInstanceRole 'not good' -ErrorAction Stop }
        Assert-Error $failed RoleNameInvalid InvalidArgument 'not good'
    }
}
