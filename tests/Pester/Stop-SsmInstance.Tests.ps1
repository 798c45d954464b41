BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $fleet = New-SsmInstanceRole web | New-SsmInstance $subnet -Name fleet -Count 3 -Tag @{ Env = 'test' }
    $null = $fleet | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Stop-SsmInstance' {
    It 'says what it would stop with -WhatIf, and stops nothing' {
        $shown = (Invoke-Child "Stop-SsmInstance -Tag @{ Env = 'test' } -WhatIf").Output
        foreach ($id in $fleet.InstanceId) {
            $shown | Should -Match "What if: .*Stop the instance.*$id \(fleet\), running"
        }
        (Get-SsmInstance $fleet).State | Should -Be running, running, running
    }

    It 'hands them over and says so' {
        $result = Stop-SsmInstance $fleet[0].InstanceId
        $result.Status | Should -Be Requested
        $result.ExecutionId | Should -Match '^[0-9a-f-]{36}$'
        (Stop-SsmInstance $fleet[0].InstanceId -Wait).State | Should -BeIn stopping, stopped
    }

    It 'waits until each is stopped, by tag, and returns what was so already' {
        $results = Stop-SsmInstance -Tag @{ Env = 'te*' } -Wait -MaxConcurrency 1
        ($results.InstanceId | Sort-Object) | Should -Be ($fleet.InstanceId | Sort-Object)
        ($results | Where-Object InstanceId -EQ $fleet[0].InstanceId).Status | Should -Be Unchanged
        @($results | Where-Object Status -EQ Success).Count | Should -Be 2
        (Get-SsmInstance $fleet).State | Should -Be stopped, stopped, stopped
    }

    It 'stops the rest of a mixed fleet and names each that it cannot stop' {
        $null = Start-SsmInstance fleet -Wait
        $gone = New-SsmInstance $subnet -InstanceProfileName web -Name gone
        $null = Remove-SsmInstance $gone.InstanceId -Confirm:$false
        $results = Stop-SsmInstance $gone.InstanceId, i-0123456789abcdef9, mi-0123456789abcdef0, nobody, $fleet[1].InstanceId -Wait -ErrorVariable failed -ErrorAction SilentlyContinue
        $results.InstanceId | Should -Be $fleet[1].InstanceId
        $results.Status | Should -Be Success
        ($failed.FullyQualifiedErrorId -replace ',.*' | Sort-Object) |
            Should -Be InstanceNotFound, InstanceTerminated, NotAnInstance, TargetNotFound
    }

    It 'has AWS say what a role may not do' {
        $trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ssm.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
        . $PSScriptRoot/sandboxapi.ps1
        $body = "Action=CreateRole&Version=2010-05-08&RoleName=weak&AssumeRolePolicyDocument=$([uri]::EscapeDataString($trust))"
        $null = Invoke-SignedRequest iam 'application/x-www-form-urlencoded' $body none
        $null = Start-SsmInstance $fleet[0].InstanceId -Wait
        $result = Stop-SsmInstance $fleet[0].InstanceId -AutomationAssumeRole weak -Wait -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Status | Should -Be Failed
        $result.Message | Should -Match UnauthorizedOperation
        $failed.FullyQualifiedErrorId -replace ',.*' | Should -Be PowerChangeFailed
        Assert-Error (Get-Failure { Stop-SsmInstance $fleet[0].InstanceId -AutomationAssumeRole web -ErrorAction Stop }) AutomationRoleUnusable InvalidOperation $fleet[0].InstanceId
        Assert-Error (Get-Failure { Stop-SsmInstance $fleet[0].InstanceId -AutomationAssumeRole none -ErrorAction Stop }) AutomationRoleNotFound ObjectNotFound $fleet[0].InstanceId
    }

    It 'completes the roles that Automation can take' {
        (Complete 'Stop-SsmInstance fleet -AutomationAssumeRole ').CompletionText | Should -Be weak
    }

    It 'wants to know which' {
        Assert-Error (Get-Failure { Stop-SsmInstance }) NoInstanceNamed InvalidArgument Stop-SsmInstance
        Assert-Error (Get-Failure { Stop-SsmInstance -Tag @{ Env = 'none' } -ErrorAction Stop }) NoInstanceTagged ObjectNotFound $sandbox.Region
        @() | Stop-SsmInstance | Should -BeNullOrEmpty
    }

    It 'does not take a table without tags for all instances' {
        { Stop-SsmInstance -Tag @{} -WhatIf } | Should -Throw '*Tag*' -ErrorId 'ParameterArgumentValidationError*'
    }
}
