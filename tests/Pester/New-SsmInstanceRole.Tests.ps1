BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmInstanceRole' {
    It 'makes a role with a profile and the one policy that an agent needs' {
        $role = New-SsmInstanceRole web
        $role | Should -BeOfType SsmTools.Output.SsmInstanceRole
        $role.RoleName | Should -Be 'web'
        $role.RoleArn | Should -Match '^arn:aws:iam::\d{12}:role/web$'
        $role.InstanceProfileName | Should -Be 'web'
        $role.InstanceProfileArn | Should -Match ':instance-profile/web$'
        $role.Policies | Should -Contain 'AmazonSSMManagedInstanceCore'
        $role.Created | Should -BeTrue
    }

    It 'keeps what is there when it is run again' {
        $null = New-SsmInstanceRole again
        (New-SsmInstanceRole again).Created | Should -BeFalse
    }

    It 'takes names from the pipeline, by value and by property name' {
        $roles = @('piped-1', [pscustomobject]@{ RoleName = 'piped-2'; InstanceProfileName = 'other' } | New-SsmInstanceRole)
        $roles.RoleName | Should -Be 'piped-1', 'piped-2'
        $roles[1].InstanceProfileName | Should -Be 'other'
    }

    It 'says each change with -WhatIf and makes none' {
        $said = Invoke-Child 'New-SsmInstanceRole never -WhatIf'
        $said.Output | Should -Match 'What if: .*Create the role.*role never'
        $said.Output | Should -Match 'What if: .*Create the instance profile'
        $said.Output | Should -Match 'What if: .*Attach policy AmazonSSMManagedInstanceCore'
        (New-SsmInstanceRole never).Created | Should -BeTrue
    }

    It 'says nothing with -WhatIf where nothing would change, and returns what is there' {
        $null = New-SsmInstanceRole done
        (New-SsmInstanceRole done -WhatIf).RoleName | Should -Be 'done'
    }

    It 'goes on with the next name after one that IAM refuses' {
        $roles = 'good-1', 'not good', 'good-2' | New-SsmInstanceRole -ErrorVariable failed -ErrorAction SilentlyContinue
        $roles.RoleName | Should -Be 'good-1', 'good-2'
        $failed | Should -HaveCount 1
        Assert-Error $failed[0] RoleNameInvalid InvalidArgument 'not good'
    }

    It 'ends the pipeline when AWS does not know the key, and says it once' {
        $failed = Get-Failure {
            'a', 'b' | New-SsmInstanceRole -AccessKey AKIAIOSFODNN7EXAMPLE -SecretKey wrong -ErrorAction Continue
        }
        $failed.CategoryInfo.Category | Should -Be AuthenticationError
        $failed.TargetObject | Should -Be 'a'
        "$failed" | Should -Not -Match 'wrong'
    }

    It 'names an endpoint that is down' {
        $failed = Get-Failure { New-SsmInstanceRole web -EndpointUrl http://127.0.0.1:1 -ErrorAction Stop }
        $failed.CategoryInfo.Category | Should -Be ConnectionError
        "$failed" | Should -Match '127\.0\.0\.1:1'
    }

    It 'completes regions, quietly and without a call' {
        (Complete 'New-SsmInstanceRole web -Region eu-c').CompletionText | Should -Be 'eu-central-1', 'eu-central-2'
        (Complete 'New-SsmInstanceRole web -Region "eu-central-1').CompletionText | Should -Be '"eu-central-1"'
        Complete 'New-SsmInstanceRole web -Region nowhere' | Should -BeNullOrEmpty
    }

    It 'completes profiles from the files, quoted where they need it' {
        $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path $TestDrive 'credentials'
        $env:AWS_CONFIG_FILE = Join-Path $TestDrive 'config'
        "[default]`n[two words]`n[it's]" | Set-Content $env:AWS_SHARED_CREDENTIALS_FILE
        "[profile ops]`n[sso-session x]`n[default]" | Set-Content $env:AWS_CONFIG_FILE
        try {
            (Complete 'New-SsmInstanceRole web -ProfileName ').CompletionText |
                Should -Be 'default', "'it''s'", 'ops', "'two words'"
        }
        finally {
            Remove-Item Env:AWS_SHARED_CREDENTIALS_FILE, Env:AWS_CONFIG_FILE
        }
    }

    It 'adds what session logs, their key and the CloudWatch agent need, and changes only what differs' {
        $role = New-SsmInstanceRole logged -LogBucket logs/a -LogGroup /ssm -KmsKeyId alias/sandbox -CloudWatchAgent
        $role.Policies | Should -Contain 'CloudWatchAgentServerPolicy'
        $role.InlinePolicies | Should -Be 'SsmTools-SessionKey', 'SsmTools-SessionLogBucket', 'SsmTools-SessionLogGroup'
        $said = Invoke-Child 'New-SsmInstanceRole logged -LogBucket logs/b -LogGroup /ssm -WhatIf'
        $said.Output | Should -Match 'What if: .*Change inline policy SsmTools-SessionLogBucket'
        $said.Output | Should -Not -Match 'SessionLogGroup'
        Remove-SsmInstanceRole logged
        { Get-SsmInstanceRole logged -ErrorAction Stop } | Should -Throw
    }

    It 'refuses what is no <Parameter>' -ForEach @(
        @{ Parameter = 'LogBucket'; Value = 's3://logs/*'; Id = 'LogBucketInvalid' }
        @{ Parameter = 'LogGroup'; Value = '*'; Id = 'LogGroupInvalid' }
        @{ Parameter = 'KmsKeyId'; Value = 'key/*'; Id = 'KmsKeyInvalid' }
        @{ Parameter = 'PermissionsBoundary'; Value = 'bound'; Id = 'BoundaryInvalid' }
    ) {
        $parameters = @{ $Parameter = $Value }
        $failed = Get-Failure { New-SsmInstanceRole refused @parameters -ErrorAction Stop }
        Assert-Error $failed $Id InvalidArgument refused
        "$failed" | Should -Match ([regex]::Escape($Value))
    }

    It 'bounds a role, and says when the boundary keeps the agent out' {
        $boundary = 'arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'
        $null = New-SsmInstanceRole bounded -PermissionsBoundary $boundary -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'ssmmessages:OpenDataChannel'
        $role = Get-SsmInstanceRole bounded
        $role.PermissionsBoundary | Should -Be $boundary
        $role.CanRegister | Should -BeFalse
    }

    It 'shows a table that fits 80 columns' {
        $lines = New-SsmInstanceRole web | Format-Table | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match 'RoleName +InstanceProfileName +Created +Policies'
    }
}
