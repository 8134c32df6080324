"""Declared facts compared with reports: findings, their effects, the settled household."""
