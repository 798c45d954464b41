. $PSScriptRoot/examples.ps1 -Letters 'S-Z'
