BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-SsmSandbox -NoEnvironment
    $endpoint = @{ EndpointUrl = $sandbox.Endpoint }
    $region = @{ Region = $sandbox.Region }

    # A module of the shape of AWS.Tools.Common: the same variables, a credentials type with internal members, and the
    # public cmdlet that hands the credentials out.
    $common = New-Module -Name AWS.Tools.Common {
        class Keys { [string] $AccessKey; [string] $SecretKey; [string] $Token }
        class AWSCredentials {
            hidden [Keys] $keys
            [Keys] GetCredentials() { return $this.keys }
        }
        class AWSPSCredentials {
            hidden [object] $credentials
            hidden [string] $name
            [string] ToString() { return $this.name }
        }
        class AWSRegion { [string] $Region; [string] $Name }

        function New-Credential([string] $AccessKey, [string] $SecretKey, [string] $Token) {
            $new = [AWSCredentials]::new()
            $new.keys = [Keys] @{ AccessKey = $AccessKey; SecretKey = $SecretKey; Token = $Token }
            $new
        }
        function New-Region([string] $Region) {
            [AWSRegion] @{ Region = $Region; Name = 'Somewhere' }
        }
        function Set-AWSCredential([string] $AccessKey, [string] $SecretKey, [string] $ProfileName) {
            $stored = [AWSPSCredentials]::new()
            $stored.name = $ProfileName
            if ($AccessKey) { $stored.credentials = New-Credential $AccessKey $SecretKey }
            $global:StoredAWSCredentials = $stored
        }
        function Get-AWSCredential { $global:StoredAWSCredentials.credentials }
        function Set-DefaultAWSRegion([string] $Region) { $global:StoredAWSRegion = $Region }
        Export-ModuleMember -Function *
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Signing in' {
    BeforeEach {
        Import-Module $common -Force
        # Whoever runs this may have profiles of his own.
        $env:AWS_SHARED_CREDENTIALS_FILE = $env:AWS_CONFIG_FILE = Join-Path $TestDrive 'no-profiles'
    }

    AfterEach {
        Remove-Variable StoredAWSCredentials, StoredAWSRegion -Scope Global -ErrorAction Ignore
        Remove-Item Env:AWS_ACCESS_KEY_ID, Env:AWS_SECRET_ACCESS_KEY, Env:AWS_PROFILE, Env:AWS_REGION -ErrorAction Ignore
        Remove-Item Env:AWS_SHARED_CREDENTIALS_FILE, Env:AWS_CONFIG_FILE -ErrorAction Ignore
    }

    Context 'Credentials' {
        It 'come from -AccessKey and -SecretKey, by their aliases too' {
            (New-SsmInstanceRole a @region @endpoint -AK $sandbox.AccessKeyId -SK $sandbox.SecretAccessKey).RoleName | Should -Be 'a'
            (New-SsmInstanceRole a @region @endpoint -AccessKey $sandbox.AccessKeyId -SecretAccessKey $sandbox.SecretAccessKey).RoleName |
                Should -Be 'a'
        }

        It 'come from a PSCredential' {
            $pair = [pscredential]::new($sandbox.AccessKeyId, (ConvertTo-SecureString $sandbox.SecretAccessKey -AsPlainText))
            (New-SsmInstanceRole a @region @endpoint -Credential $pair).RoleName | Should -Be 'a'
        }

        It 'come from an object with GetCredentials, as Get-AWSCredential returns it' {
            $object = New-Credential $sandbox.AccessKeyId $sandbox.SecretAccessKey
            (New-SsmInstanceRole a @region @endpoint -Credential $object).RoleName | Should -Be 'a'
        }

        It 'come from what Get-STSSessionToken and Use-STSRole return' {
            $keys = [pscustomobject]@{ AccessKeyId = $sandbox.AccessKeyId; SecretAccessKey = $sandbox.SecretAccessKey; SessionToken = $null }
            (New-SsmInstanceRole a @region @endpoint -Credential $keys).RoleName | Should -Be 'a'
            (New-SsmInstanceRole a @region @endpoint -Credential ([pscustomobject]@{ Credentials = $keys })).RoleName | Should -Be 'a'
        }

        It 'cannot come from anything else' {
            $failed = Get-Failure { New-SsmInstanceRole a @region @endpoint -Credential (Get-Date) }
            Assert-Error $failed CredentialNotUnderstood AuthenticationError DateTime
        }

        It 'come from Set-AWSCredential, before the environment' {
            $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = 'of someone else'
            Set-AWSCredential $sandbox.AccessKeyId $sandbox.SecretAccessKey
            (New-SsmInstanceRole a @region @endpoint).RoleName | Should -Be 'a'
        }

        It 'come from the profile that Set-AWSCredential named, where the module says no more' {
            $env:AWS_SHARED_CREDENTIALS_FILE = Join-Path $TestDrive 'credentials'
            "[ops]`naws_access_key_id=$($sandbox.AccessKeyId)`naws_secret_access_key=$($sandbox.SecretAccessKey)" |
                Set-Content $env:AWS_SHARED_CREDENTIALS_FILE
            Set-AWSCredential -ProfileName ops
            (New-SsmInstanceRole a @region @endpoint).RoleName | Should -Be 'a'
            Remove-Module AWS.Tools.Common
            (New-SsmInstanceRole a @region @endpoint).RoleName | Should -Be 'a'
            (Get-Failure { New-SsmInstanceRole a @region @endpoint -ProfileName nobody }).FullyQualifiedErrorId |
                Should -BeLike 'ProfileNotFound,*'
        }

        It 'come from -ProfileName and -ProfileLocation' {
            $file = Join-Path $TestDrive 'elsewhere'
            "[ops]`naws_access_key_id=$($sandbox.AccessKeyId)`naws_secret_access_key=$($sandbox.SecretAccessKey)" | Set-Content $file
            (New-SsmInstanceRole a @region @endpoint -AWSProfileName ops -ProfilesLocation $file).RoleName | Should -Be 'a'
        }

        It 'are an error where there are none' {
            $failed = Get-Failure { New-SsmInstanceRole a @region @endpoint }
            Assert-Error $failed CredentialsNotFound AuthenticationError 'New-SsmInstanceRole'
        }

        It 'bind by property name for each object' {
            $row = [pscustomobject]@{
                RoleName = 'row'; Region = $sandbox.Region; EndpointUrl = $sandbox.Endpoint
                AccessKey = $sandbox.AccessKeyId; SecretKey = $sandbox.SecretAccessKey
            }
            ($row | New-SsmInstanceRole).RoleName | Should -Be 'row'
        }
    }

    Context 'The region' {
        BeforeAll {
            $keys = @{ AccessKey = $sandbox.AccessKeyId; SecretKey = $sandbox.SecretAccessKey }
        }

        It 'comes from -Region, as a name or as an AWSRegion' {
            foreach ($value in $sandbox.Region, (New-Region $sandbox.Region)) {
                New-SsmInstanceRole a -Region $value @endpoint @keys -Verbose 4>&1 |
                    Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } |
                    Should -Match "in region $($sandbox.Region)"
            }
        }

        It 'comes from Set-DefaultAWSRegion, before the environment' {
            $env:AWS_REGION = 'eu-south-2'
            Set-DefaultAWSRegion $sandbox.Region
            New-SsmInstanceRole a @endpoint @keys -Verbose 4>&1 |
                Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } |
                Should -Match "in region $($sandbox.Region)"
        }

        It 'is an error where there is none' {
            Assert-Error (Get-Failure { New-SsmInstanceRole a @endpoint @keys }) NoRegion InvalidArgument 'New-SsmInstanceRole'
        }
    }

    Context 'A sandbox with the environment' {
        It 'comes before what the shell remembers of the real AWS' {
            Stop-SsmSandbox
            Set-AWSCredential AKIAREALREALREALREAL real
            Set-DefaultAWSRegion eu-south-2
            $null = Start-SsmSandbox
            (New-SsmInstanceRole a).RoleName | Should -Be 'a'
        }
    }
}
